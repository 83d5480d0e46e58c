package dev.saccade.runtime.sampling;

import dev.saccade.runtime.text.Tokenizer;

/** The tokens of the marks around reasoning and answer, as a tokenizer writes them. */
final class ReasoningMarks {

    static final int[] NOTHING = {};

    private static final String CLOSE = "</think>";
    private static final String ANSWER = "\n\n<answer>\n";
    private static final int NEWLINES = 2;

    private final int[] open;
    private final int[][] close = new int[CLOSE.length()][];
    private final int[][] answer = new int[NEWLINES + 1][];

    ReasoningMarks(Tokenizer tokenizer) {
        this.open = tokenizer.encode("<think>\n");
        for (int written = 0; written < close.length; written++) {
            close[written] = tokenizer.encode(CLOSE.substring(written));
        }
        for (int newlines = 0; newlines <= NEWLINES; newlines++) {
            answer[newlines] = tokenizer.encode(ANSWER.substring(newlines));
        }
    }

    int[] open() {
        return open;
    }

    /** The rest of the end mark, of which so many characters have been written. */
    int[] close(int written) {
        return close[written];
    }

    /** What opens the answer after the end mark and so many newlines. */
    int[] answer(int newlines) {
        return answer[Math.min(newlines, NEWLINES)];
    }
}
