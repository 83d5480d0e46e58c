package dev.saccade.api.jobs;

import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was asked, as the worker gets it: the conversation with its system prompt, in the form in which it can be sent again. */
@Schema(name = "JobRequest")
record RequestDocument(List<Message> messages, Sampling sampling, Vision vision, boolean numberMedia) {

    @Schema(name = "RequestMessage")
    record Message(String role, List<Part> content) {}

    @Schema(name = "RequestPart")
    record Part(
            String type, @Nullable String text, @Nullable String video) {}

    static RequestDocument of(JobRequest request) {
        return new RequestDocument(
                request.messages().stream().map(RequestDocument::message).toList(),
                request.sampling(),
                request.vision(),
                request.numberMedia());
    }

    private static Message message(RequestMessage message) {
        return new Message(
                message.role(),
                message.content().stream().map(RequestDocument::part).toList());
    }

    private static Part part(ContentPart part) {
        return switch (part) {
            case ContentPart.Text(String text) -> new Part("text", text, null);
            case ContentPart.Image image -> new Part("image", null, ExternalId.VIDEO.format(image.videoId()));
            case ContentPart.Video video -> new Part("video", null, ExternalId.VIDEO.format(video.videoId()));
        };
    }
}
