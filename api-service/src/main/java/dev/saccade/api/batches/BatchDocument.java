package dev.saccade.api.batches;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.batches.BatchCounts;
import dev.saccade.ledger.batches.BatchState;
import dev.saccade.ledger.batches.BatchView;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch as clients see it. */
@Schema(name = "Batch")
record BatchDocument(
        String id,
        State state,
        @Schema(description = "Lines that were read so far") long lines,
        @Schema(description = "Lines that became jobs") long jobs,

        @Schema(description = "Lines that did not: see the error file")
        long rejected,

        @Schema(description = "In a list only of those that ended") @Nullable
        Counts counts,

        @Schema(description = "Why not all lines were read") @Nullable
        Failure error,

        Instant createdAt,
        @Nullable Instant endedAt,
        Links links) {

    /** Validating while lines come in; ended when no job of it can change any more. */
    enum State {
        @JsonProperty("validating")
        VALIDATING,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("cancelling")
        CANCELLING,
        @JsonProperty("ended")
        ENDED
    }

    @Schema(name = "BatchCounts")
    record Counts(long queued, long running, long succeeded, long failed, long cancelled, long expired) {

        static Counts of(BatchCounts counts) {
            return new Counts(
                    counts.queued(),
                    counts.running(),
                    counts.succeeded(),
                    counts.failed(),
                    counts.cancelled(),
                    counts.expired());
        }
    }

    @Schema(name = "BatchFailure")
    record Failure(String code, String message) {}

    @Schema(name = "BatchLinks")
    record Links(
            String self,
            String output,
            String errors,
            @Nullable String cancel) {}

    @Schema(name = "BatchPage")
    record Page(
            @ArraySchema(schema = @Schema(oneOf = {BatchDocument.class, FileBatchDocument.class}))
            List<Object> data,

            boolean hasMore,
            @Nullable String nextCursor,

            @Schema(description = "For OpenAI's clients", allowableValues = "list")
            String object,

            @Schema(description = "For OpenAI's clients") @Nullable
            String lastId) {}

    static BatchDocument of(BatchView batch) {
        return of(batch, Counts.of(batch.counts()));
    }

    static BatchDocument summary(BatchView batch) {
        return of(batch, batch.state() == BatchState.ENDED ? Counts.of(batch.counts()) : null);
    }

    private static BatchDocument of(BatchView batch, @Nullable Counts counts) {
        String id = ExternalId.BATCH.format(batch.id());
        String self = "/v1/batches/" + id;
        String code = batch.errorCode();
        String message = batch.errorMessage();
        return new BatchDocument(
                id,
                State.valueOf(batch.state().name()),
                batch.lines(),
                batch.accepted(),
                batch.rejected(),
                counts,
                code == null || message == null ? null : new Failure(code, message),
                batch.createdAt(),
                batch.endedAt(),
                new Links(
                        self,
                        self + "/output",
                        self + "/errors",
                        batch.state() == BatchState.ENDED ? null : self + "/cancel"));
    }
}
