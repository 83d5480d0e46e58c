package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A response as OpenAI's clients know it. */
@Schema(name = "Response")
@JsonInclude(JsonInclude.Include.ALWAYS)
record ResponseDocument(
        @Schema(description = "resp_ and the UUID of the job that it came from")
        String id,

        @Schema(allowableValues = "response") String object,
        @Schema(description = "Seconds since 1970") long createdAt,

        @Schema(allowableValues = {"queued", "in_progress", "completed", "incomplete", "failed", "cancelled"})
        String status,

        boolean background,
        String model,
        List<Item> output,
        @Nullable Failure error,

        @Schema(description = "Where max_output_tokens cut the answer off") @Nullable
        Incomplete incompleteDetails,

        @Nullable Usage usage,
        List<String> tools,
        String toolChoice,
        boolean parallelToolCalls,
        Map<String, String> metadata) {

    /** The chain of thought, or the answer. */
    @Schema(name = "ResponseItem")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(
            @Schema(allowableValues = {"reasoning", "message"})
            String type,

            String id,
            String status,
            @Nullable String role,
            @Nullable List<Text> summary,
            List<Text> content) {

        /** As it begins. */
        Item withoutContent() {
            return new Item(type, id, "in_progress", role, summary, List.of());
        }

        /** Done, with this text. */
        Item withText(String text) {
            Text part = content.getFirst();
            return new Item(
                    type, id, "completed", role, summary, List.of(new Text(part.type(), text, part.annotations())));
        }
    }

    @Schema(name = "ResponseText")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Text(
            @Schema(allowableValues = {"reasoning_text", "output_text"})
            String type,

            String text,
            @Nullable List<String> annotations) {}

    @Schema(name = "ResponseFailure")
    record Failure(String code, String message) {}

    @Schema(name = "ResponseIncomplete")
    record Incomplete(String reason) {}

    @Schema(name = "ResponseUsage")
    record Usage(int inputTokens, int outputTokens, int totalTokens) {}

    static ResponseDocument of(JobView job, String model) {
        JobOutcome outcome = job.result();
        boolean cut = outcome != null && outcome.finishReason().equals("length");
        return new ResponseDocument(
                OpenAiIds.RESPONSE + job.id(),
                "response",
                job.createdAt().getEpochSecond(),
                switch (job.state()) {
                    case QUEUED -> "queued";
                    case RUNNING -> "in_progress";
                    case SUCCEEDED -> cut ? "incomplete" : "completed";
                    case FAILED, EXPIRED -> "failed";
                    case CANCELLED -> "cancelled";
                },
                job.tags().contains(ResponseTranslation.BACKGROUND),
                model,
                outcome == null ? List.of() : items(job, outcome.completions().getFirst(), cut),
                failure(job.error()),
                cut ? new Incomplete("max_output_tokens") : null,
                outcome == null
                        ? null
                        : new Usage(
                                outcome.promptTokens(),
                                outcome.completionTokens(),
                                outcome.promptTokens() + outcome.completionTokens()),
                List.of(),
                "none",
                false,
                Map.of());
    }

    private static List<Item> items(JobView job, Completion answer, boolean cut) {
        List<Item> items = new ArrayList<>();
        if (answer.reasoning() != null) {
            items.add(thought(job.id(), answer.reasoning()));
        }
        items.add(message(job.id(), answer.answer(), cut ? "incomplete" : "completed"));
        return items;
    }

    /** The chain of thought. */
    static Item thought(UUID job, String text) {
        Text part = new Text("reasoning_text", text, null);
        return new Item("reasoning", "rs_" + job, "completed", null, List.of(), List.of(part));
    }

    /** The answer. */
    static Item message(UUID job, String text, String status) {
        Text part = new Text("output_text", text, List.of());
        return new Item("message", "msg_" + job, status, "assistant", null, List.of(part));
    }

    /** As it was before anything of it was written. */
    ResponseDocument begun(String status) {
        return new ResponseDocument(
                id,
                object,
                createdAt,
                status,
                background,
                model,
                List.of(),
                null,
                null,
                null,
                tools,
                toolChoice,
                parallelToolCalls,
                metadata);
    }

    private static @Nullable Failure failure(@Nullable JobError error) {
        return error == null ? null : new Failure(error.code().replace('-', '_'), error.message());
    }
}
