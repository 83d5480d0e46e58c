package dev.saccade.runtime;

import dev.saccade.runtime.text.SystemPrompts;
import java.nio.file.Path;
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

    /**
     * A question about an image or a video, to be answered after a chain of thought. All else is the model's own default.
     *
     * @throws MediaException where there is no such file, or it is neither an image nor a video
     */
    public static GenerationRequest about(Path media, String question) {
        return new GenerationRequest(
                List.of(Message.system(SystemPrompts.REASONING), Message.user(Part.of(media), new Part.Text(question))),
                SamplingParameters.DEFAULT,
                VisionOptions.DEFAULT,
                false);
    }

    public GenerationRequest withSampling(SamplingParameters sampling) {
        return new GenerationRequest(messages, sampling, vision, numberMedia, urgency);
    }

    public GenerationRequest withVision(VisionOptions vision) {
        return new GenerationRequest(messages, sampling, vision, numberMedia, urgency);
    }

    public GenerationRequest withUrgency(Urgency urgency) {
        return new GenerationRequest(messages, sampling, vision, numberMedia, urgency);
    }
}
