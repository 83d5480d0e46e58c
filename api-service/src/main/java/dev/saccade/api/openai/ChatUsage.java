package dev.saccade.api.openai;

import dev.saccade.ledger.jobs.JobOutcome;
import io.swagger.v3.oas.annotations.media.Schema;

/** Tokens that were read and written. */
@Schema(name = "ChatUsage")
record ChatUsage(int promptTokens, int completionTokens, int totalTokens, PromptDetails promptTokensDetails) {

    @Schema(name = "ChatPromptTokens")
    record PromptDetails(
            @Schema(description = "Of videos and images") int visualTokens) {}

    static ChatUsage of(JobOutcome outcome) {
        return new ChatUsage(
                outcome.promptTokens(),
                outcome.completionTokens(),
                outcome.promptTokens() + outcome.completionTokens(),
                new PromptDetails(outcome.visualTokens()));
    }
}
