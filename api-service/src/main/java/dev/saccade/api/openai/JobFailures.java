package dev.saccade.api.openai;

import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobView;
import java.util.Set;

/** Why a job gave no answer, told to who waited for it. */
final class JobFailures {

    /** What the request itself isn't to blame for. */
    private static final Set<String> OURS = Set.of(
            "attempts-exhausted", "worker-error", "worker-lost", "generation-interrupted", "result-not-storable");

    private JobFailures() {}

    static OpenAiError of(JobView job) {
        return OpenAiError.of(problem(job).problem());
    }

    static ProblemException problem(JobView job) {
        JobError error = job.error();
        return switch (job.state()) {
            case CANCELLED -> new ProblemException(400, "job-cancelled", "The request's job was cancelled.");
            case EXPIRED -> new ProblemException(504, "job-expired", "The request's job was not done in time.");
            case QUEUED, RUNNING, SUCCEEDED, FAILED ->
                error == null
                        ? new ProblemException(500, "internal-error", "The request's job gave no answer. Try again.")
                        : new ProblemException(OURS.contains(error.code()) ? 500 : 400, error.code(), error.message());
        };
    }
}
