package dev.saccade.api.openai;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An event of a streamed response: its type, and of the other fields those that the type has. */
@Schema(name = "ResponseEvent")
record ResponseEvent(
        @Schema(
                allowableValues = {
                    "response.created",
                    "response.in_progress",
                    "response.output_item.added",
                    "response.content_part.added",
                    "response.reasoning_text.delta",
                    "response.reasoning_text.done",
                    "response.output_text.delta",
                    "response.output_text.done",
                    "response.content_part.done",
                    "response.output_item.done",
                    "response.completed",
                    "response.incomplete",
                    "response.failed",
                    "error"
                })
        String type,

        @Schema(description = "From 0, without a gap") int sequenceNumber,

        @Nullable ResponseDocument response,
        @Nullable Integer outputIndex,
        @Nullable String itemId,
        @Nullable Integer contentIndex,
        ResponseDocument.@Nullable Item item,
        ResponseDocument.@Nullable Text part,
        @Nullable String delta,
        @Nullable String text,
        @Nullable String code,
        @Nullable String message) {

    static ResponseEvent of(String type, int sequence, ResponseDocument response) {
        return new ResponseEvent(type, sequence, response, null, null, null, null, null, null, null, null, null);
    }

    static ResponseEvent of(String type, int sequence, int index, ResponseDocument.Item item) {
        return new ResponseEvent(type, sequence, null, index, null, null, item, null, null, null, null, null);
    }

    static ResponseEvent of(String type, int sequence, int index, String itemId, ResponseDocument.Text part) {
        return new ResponseEvent(type, sequence, null, index, itemId, 0, null, part, null, null, null, null);
    }

    static ResponseEvent ofText(
            String type, int sequence, int index, String itemId, @Nullable String delta, @Nullable String text) {
        return new ResponseEvent(type, sequence, null, index, itemId, 0, null, null, delta, text, null, null);
    }

    static ResponseEvent ofError(int sequence, String code, String message) {
        return new ResponseEvent("error", sequence, null, null, null, null, null, null, null, null, code, message);
    }
}
