package dev.saccade.runtime.prompts;

import dev.saccade.runtime.GenerationRequest;
import dev.saccade.runtime.Message;
import dev.saccade.runtime.Part;
import dev.saccade.runtime.SamplingParameters;
import dev.saccade.runtime.StructuredOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A prompt with its arguments: two texts, its defaults, and how to read the answer.
 *
 * @param structuredOutput what decoding has to keep to; null where it is free
 */
public record RenderedPrompt(
        String system,
        String user,
        PromptVision vision,
        PromptSampling sampling,
        @Nullable StructuredOutput structuredOutput,
        OutputContract contract) {

    /** The request about these media, with the prompt's own defaults. */
    public GenerationRequest request(List<Part> media) {
        return request(media, sampling.parameters());
    }

    /** The request about these media, sampled in another way. */
    public GenerationRequest request(List<Part> media, SamplingParameters otherSampling) {
        List<Part> parts = new ArrayList<>(media);
        parts.add(new Part.Text(user));
        return new GenerationRequest(
                List.of(Message.system(system), new Message(Message.Role.USER, parts)),
                otherSampling.toBuilder().structuredOutput(structuredOutput).build(),
                vision.options(),
                false);
    }
}
