package dev.saccade.ledger.jobs;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The job that another was made from.
 *
 * @param modelFingerprint of a rerun: the model that wrote the answer which is to come again
 * @param engineVersion of a rerun: the engine that did
 */
public record JobOrigin(
        Kind kind,
        UUID jobId,
        @Nullable String modelFingerprint,
        @Nullable String engineVersion) {

    /** What was made of it. */
    public enum Kind {
        /** The same request, after the job ended without an answer. */
        RETRY,
        /** The request with changes. */
        CLONE,
        /** The same request with the parameters that were in force, to get the same answer. */
        RERUN
    }

    public static JobOrigin retry(UUID jobId) {
        return new JobOrigin(Kind.RETRY, jobId, null, null);
    }

    public static JobOrigin copy(UUID jobId) {
        return new JobOrigin(Kind.CLONE, jobId, null, null);
    }

    public static JobOrigin rerun(UUID jobId, JobOutcome first) {
        return new JobOrigin(Kind.RERUN, jobId, first.modelFingerprint(), first.engineVersion());
    }
}
