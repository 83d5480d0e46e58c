package dev.saccade.api.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.saccade.api.batches.BatchFiles;
import dev.saccade.api.json.ApiJson;
import dev.saccade.api.problems.Problem;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.batches.BatchItem;
import dev.saccade.ledger.batches.BatchLedger;
import dev.saccade.ledger.batches.BatchView;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes what has become of a batch's lines, as OpenAI's clients read it. */
final class BatchOutcomes {

    private final BatchFiles files;
    private final OpenAiProperties properties;

    BatchOutcomes(BatchLedger ledger, OpenAiProperties properties) {
        files = new BatchFiles(ledger);
        this.properties = properties;
    }

    /** A line: {@code response} or {@code error}. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Line(
            String id,
            @Nullable String customId,
            @Nullable Response response,
            @Nullable Failure error) {}

    record Response(int statusCode, String requestId, Object body) {}

    record Failure(String code, String message) {}

    void write(BatchView batch, boolean errors, OutputStream out) throws IOException {
        boolean responses = batch.source() != null && batch.source().endpoint().equals(FileBatches.RESPONSES);
        files.write(
                batch.tenantId(), batch.id(), out, item -> errors ? failed(batch, item) : answered(item, responses));
    }

    private @Nullable Object answered(BatchItem item, boolean responses) {
        JobView job = item.job();
        JobOutcome outcome = job == null ? null : job.result();
        if (job == null || outcome == null) {
            return null;
        }
        Object body = responses
                ? ResponseDocument.of(job, properties.model())
                : ChatCompletion.of(job, outcome, properties.model());
        return line(item, job, 200, body);
    }

    private static @Nullable Object failed(BatchView batch, BatchItem item) {
        JobView job = item.job();
        if (job == null) {
            return item.error() == null
                    ? null
                    : new Line(
                            "batch_req_" + batch.id() + "_" + item.line(),
                            item.customId(),
                            null,
                            failure(item.error()));
        }
        if (!job.state().terminal() || job.state() == JobState.SUCCEEDED) {
            return null;
        }
        Problem problem = JobFailures.problem(job).problem();
        return line(item, job, problem.status(), OpenAiError.of(problem));
    }

    private static Line line(BatchItem item, JobView job, int status, Object body) {
        String id = ExternalId.JOB.format(job.id());
        return new Line("batch_req_" + job.id(), item.customId(), new Response(status, id, body), null);
    }

    /** Of a line that became no job: what the intake has written about it. */
    private static Failure failure(String json) {
        JsonNode error = ApiJson.MAPPER.readTree(json);
        String where = error.at("/errors/0/pointer").asString("");
        String what =
                error.at("/errors/0/detail").asString(error.path("message").asString(""));
        return new Failure(
                error.path("code").asString("").replace('-', '_'), where.isEmpty() ? what : where + ": " + what);
    }
}
