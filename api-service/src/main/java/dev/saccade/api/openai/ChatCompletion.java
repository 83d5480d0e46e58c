package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.saccade.ledger.jobs.Completion;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The answer of {@code POST /v1/chat/completions}. */
@Schema(name = "ChatCompletion")
record ChatCompletion(
        @Schema(description = "chatcmpl- and the UUID of the job that it came from")
        String id,

        @Schema(allowableValues = "chat.completion") String object,
        @Schema(description = "Seconds since 1970") long created,
        String model,
        List<Choice> choices,
        ChatUsage usage,
        @Schema(description = "Of the model and the engine") String systemFingerprint) {

    @Schema(name = "ChatChoice")
    record Choice(
            int index,
            ChatMessage message,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            ChatLogprobs logprobs,

            @Schema(allowableValues = {"stop", "length"}) String finishReason) {}

    @Schema(name = "ChatAnswer")
    record ChatMessage(
            @Schema(allowableValues = "assistant") String role,
            String content,

            @Schema(description = "The chain of thought") @Nullable
            String reasoningContent,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String refusal) {}

    /** @param job that has succeeded with this outcome */
    static ChatCompletion of(JobView job, JobOutcome outcome, String model) {
        List<Completion> answers = outcome.completions();
        return new ChatCompletion(
                OpenAiIds.CHAT + job.id(),
                "chat.completion",
                job.createdAt().getEpochSecond(),
                model,
                IntStream.range(0, answers.size())
                        .mapToObj(index -> choice(index, answers.get(index)))
                        .toList(),
                ChatUsage.of(outcome),
                fingerprint(outcome));
    }

    private static Choice choice(int index, Completion answer) {
        return new Choice(
                index,
                new ChatMessage("assistant", answer.answer(), answer.reasoning(), null),
                ChatLogprobs.of(answer),
                finishReason(answer));
    }

    static String finishReason(Completion answer) {
        return answer.finishReason().equals("length") ? "length" : "stop";
    }

    static String fingerprint(JobOutcome outcome) {
        String model = outcome.modelFingerprint();
        return "fp_" + model.substring(0, Math.min(16, model.length())) + "_" + outcome.engineVersion();
    }
}
