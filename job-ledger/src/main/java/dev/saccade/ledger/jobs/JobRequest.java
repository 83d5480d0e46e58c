package dev.saccade.ledger.jobs;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the model is asked, as it is stored: complete, so that any worker can run it.
 *
 * @param messages the conversation with its system prompt; the last turn is the user's
 * @param numberMedia name media "Picture 1: ", "Video 1: " in the prompt
 * @param origin the job that this one was made from; null where a client wrote it
 * @param prompt the prompt that its texts are made of; null where a client wrote them
 */
public record JobRequest(
        List<RequestMessage> messages,
        Sampling sampling,
        Vision vision,
        boolean numberMedia,
        @Nullable JobOrigin origin,
        @Nullable PromptUse prompt) {

    public JobRequest {
        messages = List.copyOf(messages);
    }

    public JobRequest(List<RequestMessage> messages, Sampling sampling, Vision vision, boolean numberMedia) {
        this(messages, sampling, vision, numberMedia, null, null);
    }

    public JobRequest withSampling(Sampling other) {
        return new JobRequest(messages, other, vision, numberMedia, origin, prompt);
    }

    public JobRequest withOrigin(JobOrigin other) {
        return new JobRequest(messages, sampling, vision, numberMedia, other, prompt);
    }

    public JobRequest withPrompt(@Nullable PromptUse other) {
        return new JobRequest(messages, sampling, vision, numberMedia, origin, other);
    }

    /** Ids of the media it needs, each once, in prompt order. */
    public List<UUID> mediaIds() {
        return messages.stream()
                .flatMap(message -> message.content().stream())
                .<UUID>mapMulti((part, ids) -> {
                    switch (part) {
                        case ContentPart.Image image -> ids.accept(image.videoId());
                        case ContentPart.Video video -> ids.accept(video.videoId());
                        case ContentPart.Text text -> {}
                    }
                })
                .distinct()
                .toList();
    }

    /** The texts of the user's turns, without what others said. */
    public String asked() {
        var asked = new StringBuilder();
        for (var message : messages) {
            for (var part : message.content()) {
                if (message.role().equals("user") && part instanceof ContentPart.Text(String text)) {
                    asked.append(asked.isEmpty() ? "" : "\n").append(text);
                }
            }
        }
        return asked.toString();
    }
}
