package dev.saccade.ledger.events;

import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job came to a state.
 *
 * @param position orders the events of one job; three for each attempt
 * @param error why the attempt before this one ended, where a job is QUEUED again
 */
public record JobEvent(
        int position,
        JobState state,
        int attempt,
        Instant at,
        @Nullable JobError error) {

    private static final int STATES_OF_AN_ATTEMPT = 3;

    /** Where a job in this state and attempt stands among its events. */
    public static int position(JobState state, int attempt) {
        return STATES_OF_AN_ATTEMPT * (attempt - 1)
                + switch (state) {
                    case QUEUED -> 0;
                    case RUNNING -> 1;
                    case SUCCEEDED, FAILED, CANCELLED, EXPIRED -> 2;
                };
    }

    /** Whether a job at this position is RUNNING. */
    public static boolean isRunning(int position) {
        return position % STATES_OF_AN_ATTEMPT == 1;
    }

    /** The attempt that a position belongs to. */
    public static int attempt(int position) {
        return position / STATES_OF_AN_ATTEMPT + 1;
    }
}
