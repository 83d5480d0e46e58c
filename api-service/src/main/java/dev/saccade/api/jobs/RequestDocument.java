package dev.saccade.api.jobs;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.MarkSpec;
import dev.saccade.ledger.jobs.PromptUse;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What was asked, as the worker gets it: the conversation with its system prompt, in the form in which it can be sent again.
 * A prompt's texts stand there too; the prompt only says where they are from.
 */
@Schema(name = "JobRequest")
record RequestDocument(
        List<Message> messages,
        Sampling sampling,
        Vision vision,
        boolean numberMedia,

        @Schema(description = "The prompt of which the messages were made") @Nullable
        UsedPrompt prompt) {

    @Schema(name = "UsedPrompt")
    record UsedPrompt(
            String name,
            int version,

            @Schema(description = "Your tenant's, not the catalogue's")
            boolean own,

            @Schema(type = "object", additionalProperties = Schema.AdditionalPropertiesValue.TRUE)
            Map<String, Object> arguments) {

        static @Nullable UsedPrompt of(@Nullable PromptUse use) {
            return use == null ? null : new UsedPrompt(use.name(), use.version(), use.own(), arguments(use));
        }

        private static Map<String, Object> arguments(PromptUse use) {
            return ApiJson.MAPPER.readValue(use.arguments(), new TypeReference<Map<String, Object>>() {});
        }
    }

    @Schema(name = "RequestMessage")
    record Message(String role, List<Part> content) {}

    @Schema(name = "RequestPart")
    record Part(
            String type,
            @Nullable String text,
            @Nullable String video,
            @Nullable List<MarkSpec> marks) {}

    static RequestDocument of(JobRequest request) {
        return new RequestDocument(
                request.messages().stream().map(RequestDocument::message).toList(),
                request.sampling(),
                request.vision(),
                request.numberMedia(),
                UsedPrompt.of(request.prompt()));
    }

    private static Message message(RequestMessage message) {
        return new Message(
                message.role(),
                message.content().stream().map(RequestDocument::part).toList());
    }

    private static Part part(ContentPart part) {
        return switch (part) {
            case ContentPart.Text(String text) -> new Part("text", text, null, null);
            case ContentPart.Image image ->
                new Part("image", null, ExternalId.VIDEO.format(image.videoId()), image.marks());
            case ContentPart.Video video ->
                new Part("video", null, ExternalId.VIDEO.format(video.videoId()), video.marks());
        };
    }
}
