package dev.saccade.runtime;

import java.util.List;

/**
 * A conversation to continue.
 *
 * @param messages system, user and assistant turns; the last one is the user's
 * @param sampling how tokens are chosen
 * @param vision how media of all messages are sampled and resized
 * @param numberMedia name media "Picture 1: ", "Video 1: " in the prompt (the template's {@code add_vision_id})
 */
public record GenerationRequest(
        List<Message> messages, SamplingParameters sampling, VisionOptions vision, boolean numberMedia) {

    public GenerationRequest {
        messages = List.copyOf(messages);
    }
}
