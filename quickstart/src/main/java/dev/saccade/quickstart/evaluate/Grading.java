package dev.saccade.quickstart.evaluate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reference benchmark's rule. Multiple choice: the first upper-case letter of the answer. Open questions:
 * equality after trimming, ignoring case and a final full stop.
 */
final class Grading {

    private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");

    private Grading() {}

    /** What counts as the model's answer to an item. */
    static String answer(Benchmark.Item item, String answer) {
        if (item.options().isEmpty()) {
            return answer;
        }
        Matcher letter = UPPER_CASE.matcher(answer);
        return letter.find() ? letter.group() : "";
    }

    static boolean isCorrect(Benchmark.Item item, String answer) {
        return normalised(answer).equals(normalised(item.answer()));
    }

    private static String normalised(String text) {
        return text.strip().replaceFirst("\\.+$", "").strip().toLowerCase(Locale.ROOT);
    }
}
