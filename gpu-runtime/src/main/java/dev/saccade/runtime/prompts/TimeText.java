package dev.saccade.runtime.prompts;

import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as models write them: {@code 3}, {@code 3.25}, {@code 3.25s}, {@code 00:03}, {@code 00:03.25}, {@code 1:02:03}. */
final class TimeText {

    /** One time; its digits are in groups that only {@link #seconds} reads. */
    static final String PATTERN =
            "(?:\\d{1,3}:)?(?:\\d{1,5}:)?\\d{1,7}(?:[.,]\\d{1,9})?(?:\\s?(?:seconds|second|secs|sec|s)\\b)?";

    private static final Pattern TIME = Pattern.compile(
            "(?:(?:(\\d{1,3}):)?(\\d{1,5}):)?(\\d{1,7}(?:[.,]\\d{1,9})?)(?:\\s?(?:seconds|second|secs|sec|s))?");

    private TimeText() {}

    /** Empty for anything that is no time. */
    static OptionalDouble seconds(String text) {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            return OptionalDouble.empty();
        }
        double seconds = Double.parseDouble(time.group(3).replace(',', '.'));
        double minutes = time.group(2) == null ? 0 : Double.parseDouble(time.group(2));
        double hours = time.group(1) == null ? 0 : Double.parseDouble(time.group(1));
        // 1:75 is no time
        return time.group(2) != null && (seconds >= 60 || (time.group(1) != null && minutes >= 60))
                ? OptionalDouble.empty()
                : OptionalDouble.of((hours * 60 + minutes) * 60 + seconds);
    }
}
