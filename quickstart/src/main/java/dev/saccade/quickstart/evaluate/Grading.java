package dev.saccade.quickstart.evaluate;

import dev.saccade.quickstart.runs.Outcome;
import dev.saccade.runtime.text.Tags;
import java.util.Locale;

/**
 * The reference benchmark's rule. With options the first upper-case letter counts: in reasoning mode inside the first
 * complete {@code <answer>}, in letter mode anywhere. Open questions: equality after trimming, ignoring case and a final
 * full stop.
 */
final class Grading {

    private Grading() {}

    /** What counts as the model's answer; empty where it gave none. */
    static String answer(Item item, AnswerMode mode, Outcome outcome) {
        if (outcome.samples().isEmpty()) {
            return "";
        }
        Outcome.Sample sample = outcome.samples().getFirst();
        if (item.options().isEmpty()) {
            return sample.answer().strip();
        }
        return switch (mode) {
            case REASONING -> Tags.benchmarkLetter(sample.text());
            case LETTER -> Tags.firstLetter(sample.text());
        };
    }

    static boolean isCorrect(Item item, String answer) {
        return normalised(answer).equals(normalised(item.answer()));
    }

    static String normalised(String text) {
        return text.strip().replaceFirst("\\.+$", "").strip().toLowerCase(Locale.ROOT);
    }
}
