package dev.saccade.api.jobs;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.JobView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Jobs as {@code GET /v1/jobs/{id}} shows them, for other ways of sending them. */
public final class JobDocuments {

    private JobDocuments() {}

    /** One line of JSON. */
    public static String json(JobView job) {
        return ApiJson.MAPPER.writeValueAsString(JobDocument.of(job, null));
    }

    /** What may be of use of a job's end: its result, or why it has none. */
    public record End(
            String job,
            String state,
            @Nullable Object result,
            @Nullable Object error) {}

    /** As a part of another document. */
    public static End end(JobView job) {
        return new End(
                ExternalId.JOB.format(job.id()),
                job.state().name().toLowerCase(Locale.ROOT),
                JobDocument.Result.of(job.result()),
                JobDocument.Failure.of(job.error()));
    }
}
