package dev.saccade.api.deadletters;

import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.deadletters.DeadLetter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A message that the broker gave up on, without its content. */
@Schema(name = "DeadLetter")
record DeadLetterDocument(
        String id,

        @Schema(description = "Left out where the message named none") @Nullable
        String jobId,

        @Schema(description = "Whose job it is") @Nullable String tenant,

        @Schema(description = "The job's attempt that the message announced") @Nullable
        Integer attempt,

        @Schema(description = "The job's state now: only a queued one can be announced again") @Nullable
        String jobState,

        @Schema(description = "The queue in which it died") String queue,

        @Schema(description = "The broker's word for why", example = "rejected")
        String reason,

        int bytes,
        Instant keptAt,

        @Schema(description = "When its job was last announced again") @Nullable
        Instant requeuedAt,

        @Nullable String requeuedBy) {

    static DeadLetterDocument of(DeadLetter letter) {
        return new DeadLetterDocument(
                ExternalId.DEAD_LETTER.format(letter.id()),
                letter.jobId() == null ? null : ExternalId.JOB.format(letter.jobId()),
                letter.tenantId() == null ? null : ExternalId.TENANT.format(letter.tenantId()),
                letter.attempt(),
                letter.jobState() == null ? null : letter.jobState().name().toLowerCase(Locale.ROOT),
                letter.queue(),
                letter.reason(),
                letter.bytes(),
                letter.keptAt(),
                letter.requeuedAt(),
                letter.requeuedBy());
    }

    /** A page of dead letters, newest first. */
    @Schema(name = "DeadLetterPage")
    record Page(
            List<DeadLetterDocument> data,
            boolean hasMore,

            @Schema(description = "Give it as after to get the next page") @Nullable
            String nextCursor) {}
}
