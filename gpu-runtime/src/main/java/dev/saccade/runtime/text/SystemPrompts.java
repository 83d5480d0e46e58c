package dev.saccade.runtime.text;

/** System prompts that the model was trained with. */
public final class SystemPrompts {

    /** For a direct answer. */
    public static final String PLAIN = "You are a helpful assistant.";

    /** Asks for a chain of thought in {@code <think>} and the result in {@code <answer>}. */
    public static final String REASONING = PLAIN
            + " Answer the question in the following format:"
            + " <think>\nyour reasoning\n</think>\n\n<answer>\nyour answer\n</answer>.";

    private SystemPrompts() {}
}
