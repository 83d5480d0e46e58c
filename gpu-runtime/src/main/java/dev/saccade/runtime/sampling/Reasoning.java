package dev.saccade.runtime.sampling;

import java.nio.charset.StandardCharsets;

/**
 * Follows the {@code <think>} of one answer and says which tokens are not the model's to choose: the end mark when the
 * thinking budget is spent, and, where a constrained answer comes after reasoning, the marks around it. Such an answer is
 * {@code <think>\n}, then whatever the model thinks up to {@code </think>}, then {@code \n\n<answer>\n}, then the
 * constrained text. For one sequence, one thread at a time.
 */
final class Reasoning {

    /** No token is forced. */
    static final int FREE = -1;

    private static final byte[] OPEN = "<think>".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLOSE = "</think>".getBytes(StandardCharsets.UTF_8);
    private static final int UNLIMITED = -1;

    private enum Frame {
        /** Nothing but the budget is of concern. */
        NONE,
        THOUGHT,
        ANSWER_MARK,
        ANSWER
    }

    private final ReasoningMarks marks;
    private final int budget;
    private Frame frame;
    private int[] forced;
    private int forcedAt;
    private boolean inside;
    private int matched; // bytes of the mark that is looked for
    private int newlines; // right behind the end mark
    private boolean afterClose;
    private int spent;

    /**
     * @param budget most tokens between the marks, or -1
     * @param framed whether a constrained answer follows
     */
    Reasoning(ReasoningMarks marks, int budget, boolean framed) {
        this.marks = marks;
        this.budget = budget;
        this.frame = framed ? Frame.THOUGHT : Frame.NONE;
        this.forced = framed ? marks.open() : ReasoningMarks.NOTHING;
    }

    /** The token that has to come next, or {@link #FREE}. */
    int forced() {
        return forcedAt < forced.length ? forced[forcedAt] : FREE;
    }

    /** Whether the constrained answer has not begun, so that the turn must not end yet. */
    boolean beforeAnswer() {
        return frame == Frame.THOUGHT || frame == Frame.ANSWER_MARK;
    }

    /** A token has been written. */
    void add(byte[] bytes) {
        if (forcedAt < forced.length) {
            forcedAt++;
        }
        spent += inside ? 1 : 0;
        boolean closed = false;
        for (byte next : bytes) {
            closed |= follow(next);
        }
        if (frame == Frame.THOUGHT && closed) {
            frame = Frame.ANSWER_MARK;
            force(marks.answer(newlines));
        } else if (frame == Frame.ANSWER_MARK && forcedAt == forced.length) {
            frame = Frame.ANSWER;
        } else if (frame != Frame.ANSWER
                && inside
                && budget != UNLIMITED
                && spent >= budget
                && forcedAt == forced.length) {
            force(marks.close(matched));
        }
    }

    private void force(int[] tokens) {
        forced = tokens;
        forcedAt = 0;
    }

    /** Whether this byte ends the thought. */
    private boolean follow(byte next) {
        if (afterClose && next == '\n') {
            newlines++;
            return false;
        }
        afterClose = false;
        byte[] mark = inside ? CLOSE : OPEN;
        if (next != mark[matched]) {
            matched = next == mark[0] ? 1 : 0; // a mark begins with the only '<' in it
            return false;
        }
        matched++;
        if (matched < mark.length) {
            return false;
        }
        matched = 0;
        newlines = 0;
        inside = !inside;
        afterClose = !inside;
        return afterClose;
    }
}
