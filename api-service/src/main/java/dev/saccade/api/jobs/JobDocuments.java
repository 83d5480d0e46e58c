package dev.saccade.api.jobs;

import dev.saccade.api.json.ApiJson;
import dev.saccade.ledger.jobs.JobView;

/** Jobs as {@code GET /v1/jobs/{id}} shows them, for other ways of sending them. */
public final class JobDocuments {

    private JobDocuments() {}

    /** One line of JSON. */
    public static String json(JobView job) {
        return ApiJson.MAPPER.writeValueAsString(JobDocument.of(job, null));
    }
}
