package dev.saccade.runtime.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The first two times of an answer, or its only one, which is then a moment. */
record TimeSpanParser() implements OutputParser {

    private static final Pattern TIME =
            Pattern.compile("(?<![\\p{L}\\p{N}.:])" + TimeText.PATTERN + "(?![\\p{L}\\p{N}:])");

    @Override
    public ParsedOutput parse(WrittenOutput output) {
        List<Double> times = new ArrayList<>();
        Matcher found = TIME.matcher(output.answer());
        while (found.find() && times.size() < 2) {
            OptionalDouble seconds = TimeText.seconds(found.group());
            if (seconds.isPresent()) {
                times.add(seconds.getAsDouble());
            }
        }
        if (times.isEmpty()) {
            return ParsedOutput.unreadable("The answer names no time.");
        }
        Segments segments = new Segments(output.clip());
        segments.add(times.getFirst(), times.getLast(), null);
        return segments.isEmpty()
                ? ParsedOutput.unreadable(segments.problems())
                : ParsedOutput.of(segments.structure());
    }
}
