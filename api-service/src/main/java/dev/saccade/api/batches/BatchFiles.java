package dev.saccade.api.batches;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.saccade.api.jobs.JobDocuments;
import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.batches.BatchItem;
import dev.saccade.ledger.batches.BatchLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what has become of a batch's lines while it reads it: a page at a time, whatever the batch's size. */
public final class BatchFiles {

    private static final int PAGE = 100;

    private final BatchLedger ledger;

    public BatchFiles(BatchLedger ledger) {
        this.ledger = ledger;
    }

    /** A line of the output file. */
    @Schema(name = "BatchOutputLine")
    record Output(
            long line,
            @Nullable String customId,
            String job,
            String state,
            @Nullable Object result) {}

    /** A line of the error file: of a line that became no job, or of a job that did not succeed. */
    @Schema(name = "BatchErrorLine")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Failed(
            long line,
            @Nullable String customId,
            @Nullable String job,
            @Nullable String state,
            @JsonRawValue @Nullable String error) {}

    void output(UUID tenantId, UUID batchId, OutputStream out) throws IOException {
        write(tenantId, batchId, out, BatchFiles::output);
    }

    void errors(UUID tenantId, UUID batchId, OutputStream out) throws IOException {
        write(tenantId, batchId, out, BatchFiles::failed);
    }

    /**
     * Writes a line of JSON for each line of the batch, in their order.
     *
     * @param document what to write of it; null for nothing
     */
    public void write(UUID tenantId, UUID batchId, OutputStream out, Function<BatchItem, @Nullable Object> document)
            throws IOException {
        long after = 0;
        List<BatchItem> page;
        do {
            page = ledger.items(tenantId, batchId, after, PAGE);
            for (BatchItem item : page) {
                Object line = document.apply(item);
                if (line != null) {
                    out.write((ApiJson.MAPPER.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8));
                }
                after = item.line();
            }
        } while (page.size() == PAGE);
    }

    private static @Nullable Object output(BatchItem item) {
        JobView job = item.job();
        if (job == null || job.state() != JobState.SUCCEEDED) {
            return null;
        }
        var end = JobDocuments.end(job);
        return new Output(item.line(), item.customId(), end.job(), end.state(), end.result());
    }

    private static @Nullable Object failed(BatchItem item) {
        JobView job = item.job();
        if (job == null) {
            return item.error() == null ? null : new Failed(item.line(), item.customId(), null, null, item.error());
        }
        return switch (job.state()) {
            case QUEUED, RUNNING, SUCCEEDED -> null;
            case FAILED, CANCELLED, EXPIRED -> {
                var end = JobDocuments.end(job);
                String error = end.error() == null ? null : ApiJson.MAPPER.writeValueAsString(end.error());
                yield new Failed(item.line(), item.customId(), end.job(), end.state(), error);
            }
        };
    }
}
