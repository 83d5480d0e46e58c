package dev.saccade.ledger.jobs;

import static dev.saccade.ledger.jobs.JobState.CANCELLED;
import static dev.saccade.ledger.jobs.JobState.EXPIRED;
import static dev.saccade.ledger.jobs.JobState.FAILED;
import static dev.saccade.ledger.jobs.JobState.QUEUED;
import static dev.saccade.ledger.jobs.JobState.RUNNING;
import static dev.saccade.ledger.jobs.JobState.SUCCEEDED;

import java.util.Map;
import java.util.Set;

/** The one table of allowed transitions. The database refuses the same ones (V2__guards.sql). */
public final class JobTransitions {

    private static final Map<JobState, Set<JobState>> ALLOWED = Map.of(
            QUEUED, Set.of(RUNNING, CANCELLED, EXPIRED),
            RUNNING, Set.of(QUEUED, SUCCEEDED, FAILED, CANCELLED, EXPIRED),
            SUCCEEDED, Set.of(),
            FAILED, Set.of(),
            CANCELLED, Set.of(),
            EXPIRED, Set.of());

    private JobTransitions() {}

    public static boolean allowed(JobState from, JobState to) {
        return ALLOWED.getOrDefault(from, Set.of()).contains(to);
    }

    /** @throws IllegalStateException where the table doesn't allow it */
    public static void require(JobState from, JobState to) {
        if (!allowed(from, to)) {
            throw new IllegalStateException("No transition leads from " + from + " to " + to + ".");
        }
    }
}
