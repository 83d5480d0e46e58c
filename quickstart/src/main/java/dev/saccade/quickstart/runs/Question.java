package dev.saccade.quickstart.runs;

import dev.saccade.runtime.prompts.PromptSampling;
import dev.saccade.runtime.prompts.PromptVision;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One thing to ask about one clip.
 *
 * @param id once in a run
 * @param sampling nulls leave the prompt's defaults, or the model's
 * @param vision the same
 */
public record Question(String id, Path clip, Wording wording, PromptSampling sampling, PromptVision vision) {

    /** What is asked. */
    public sealed interface Wording {}

    /**
     * In one's own words.
     *
     * @param reasoning ask for a chain of thought
     */
    public record OwnWords(String text, boolean reasoning) implements Wording {}

    /**
     * By a prompt's name.
     *
     * @param version null takes the newest
     * @param reasoning null leaves it to the prompt
     */
    public record Named(
            String prompt,
            @Nullable Integer version,
            Map<String, JsonNode> arguments,
            @Nullable Boolean reasoning) implements Wording {

        public Named {
            arguments = Map.copyOf(arguments);
        }
    }
}
