package dev.saccade.runtime.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code <think>} and {@code <answer>} that the model writes as plain text, and the letters of the reference
 * benchmark.
 *
 * <p>A chain of thought may itself mention the tags. It ends at the first {@code </think>} with an {@code <answer>} right
 * behind it, else at the last {@code </think>}; left open, as when the tokens ran out, it ends at an {@code <answer>} that
 * begins a line, else at the text's end. So half a thought is never taken for an answer.
 */
public final class Tags {

    private static final String THINK = "<think>";
    private static final String THINK_END = "</think>";
    private static final String ANSWER = "<answer>";
    private static final String ANSWER_END = "</answer>";
    private static final Pattern TURN_TO_ANSWER = Pattern.compile("</think>\\s*<answer>");
    private static final Pattern ANSWER_LINE = Pattern.compile("^<answer>", Pattern.MULTILINE);
    private static final Pattern FIRST_ANSWER = Pattern.compile("<answer>(.*?)</answer>", Pattern.DOTALL);
    private static final Pattern FIRST_THOUGHT = Pattern.compile("<think>(.*?)</think>", Pattern.DOTALL);
    private static final Pattern LETTER = Pattern.compile("[A-Z]");

    private Tags() {}

    /** What stands between {@code <think>} and its end, trimmed; null where there is no {@code <think>}. */
    public static @Nullable String reasoning(String text) {
        int start = thought(text);
        return start < 0 ? null : text.substring(start, thoughtEnd(text, start)).strip();
    }

    /** What stands between {@code <answer>} and {@code </answer>} behind the reasoning, trimmed; else all text behind it. */
    public static String answer(String text) {
        int start = thought(text);
        String rest = text;
        if (start >= 0) {
            int end = thoughtEnd(text, start);
            rest = text.substring(text.startsWith(THINK_END, end) ? end + THINK_END.length() : end);
        }
        int open = rest.indexOf(ANSWER);
        if (open < 0) {
            return rest.strip();
        }
        int from = open + ANSWER.length();
        int close = rest.indexOf(ANSWER_END, from);
        return rest.substring(from, close < 0 ? rest.length() : close).strip();
    }

    /** Where the chain of thought begins; -1 where there is none before the answer. */
    private static int thought(String text) {
        int think = text.indexOf(THINK);
        int answer = text.indexOf(ANSWER);
        return think < 0 || (answer >= 0 && answer < think) ? -1 : think + THINK.length();
    }

    private static int thoughtEnd(String text, int start) {
        Matcher turn = TURN_TO_ANSWER.matcher(text);
        if (turn.find(start)) {
            return turn.start();
        }
        int last = text.lastIndexOf(THINK_END);
        if (last >= start) {
            return last;
        }
        Matcher line = ANSWER_LINE.matcher(text);
        return line.find(start) ? line.start() : text.length();
    }

    /** The benchmark's reasoning mode: the first upper-case letter in the first complete answer; else empty. */
    public static String benchmarkLetter(String text) {
        Matcher answer = FIRST_ANSWER.matcher(text);
        return answer.find() ? firstLetter(answer.group(1)) : "";
    }

    /** The benchmark's chain of thought: the first complete {@code <think>}, trimmed; else empty. */
    public static String benchmarkReasoning(String text) {
        Matcher thought = FIRST_THOUGHT.matcher(text);
        return thought.find() ? thought.group(1).strip() : "";
    }

    /** The benchmark's letter mode: the first upper-case letter anywhere; else empty. */
    public static String firstLetter(String text) {
        Matcher letter = LETTER.matcher(text);
        return letter.find() ? letter.group() : "";
    }
}
