package dev.saccade.ledger.jobs;

import java.util.List;
import java.util.UUID;

/**
 * What the model is asked, as it is stored: complete, so that any worker can run it.
 *
 * @param messages the conversation with its system prompt; the last turn is the user's
 * @param numberMedia name media "Picture 1: ", "Video 1: " in the prompt
 */
public record JobRequest(List<RequestMessage> messages, Sampling sampling, Vision vision, boolean numberMedia) {

    public JobRequest {
        messages = List.copyOf(messages);
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
}
