package dev.saccade.runtime;

import java.util.List;

/**
 * A conversation to continue.
 *
 * @param messages system, user and assistant turns; the last one is the user's
 * @param sampling how tokens are chosen
 * @param vision how media of all messages are sampled and resized
 * @param numberMedia name media "Picture 1: ", "Video 1: " in the prompt (the template's {@code add_vision_id})
 * @param urgency priority and deadlines
 */
public record GenerationRequest(
        List<Message> messages,
        SamplingParameters sampling,
        VisionOptions vision,
        boolean numberMedia,
        Urgency urgency) {

    public GenerationRequest {
        messages = List.copyOf(messages);
    }

    /** Of standard priority, without a deadline. */
    public GenerationRequest(
            List<Message> messages, SamplingParameters sampling, VisionOptions vision, boolean numberMedia) {
        this(messages, sampling, vision, numberMedia, Urgency.STANDARD);
    }

    public GenerationRequest withUrgency(Urgency urgency) {
        return new GenerationRequest(messages, sampling, vision, numberMedia, urgency);
    }
}
