package dev.saccade.ledger.batches;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it stood when it was read.
 *
 * @param lines lines that were read so far, blank ones too
 * @param accepted lines that became jobs
 * @param rejected lines that did not
 * @param errorCode why not all lines were read; null where they were, or still are
 * @param source the file that it was made of; null where its lines came with the request
 */
public record BatchView(
        UUID id,
        UUID tenantId,
        BatchState state,
        long lines,
        long accepted,
        long rejected,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        Instant createdAt,
        @Nullable Instant endedAt,
        BatchCounts counts,
        @Nullable BatchSource source) {

    BatchView with(BatchCounts other) {
        return new BatchView(
                id,
                tenantId,
                state,
                lines,
                accepted,
                rejected,
                errorCode,
                errorMessage,
                createdAt,
                endedAt,
                other,
                source);
    }
}
