package dev.saccade.runtime.device;

/**
 * The two kinds of rows of a step. A device may compute each kind by another kernel, fast for few rows or for many; within
 * a kind a row's bits depend on nothing but the row. So a token keeps its bits however prompts are cut into chunks and
 * whatever shares the step, provided that it is always given as the same kind.
 *
 * @param answer rows of tokens that were sampled, the first ones of the step
 * @param prompt rows of the prompt, or of patches, after them
 */
public record RowKinds(int answer, int prompt) {

    public static RowKinds ofAnswers(int rows) {
        return new RowKinds(rows, 0);
    }

    public static RowKinds ofPrompt(int rows) {
        return new RowKinds(0, rows);
    }

    public int rows() {
        return answer + prompt;
    }
}
