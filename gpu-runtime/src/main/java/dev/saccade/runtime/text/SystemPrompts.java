package dev.saccade.runtime.text;

import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import java.util.List;

/** System prompts that the model was trained with. */
public final class SystemPrompts {

    /** For a direct answer. */
    public static final String PLAIN = "You are a helpful assistant.";

    /** The sentence that makes the model think aloud before it answers. */
    public static final String FORMAT = "Answer the question in the following format:"
            + " <think>\nyour reasoning\n</think>\n\n<answer>\nyour answer\n</answer>.";

    /** Asks for a chain of thought in {@code <think>} and the result in {@code <answer>}. */
    public static final String REASONING = PLAIN + " " + FORMAT;

    private SystemPrompts() {}

    /** Whether a system turn asks for a chain of thought: it shows the {@code <think>} to write it in. */
    public static boolean askForReasoning(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.role() == Message.Role.SYSTEM)
                .flatMap(message -> message.parts().stream())
                .anyMatch(part -> part instanceof Part.Text text && text.text().contains("<think>"));
    }
}
