package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.QueueStanding;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When it is worth asking again about a job. */
final class QueueWait {

    private static final long LONGEST_SECONDS = 60;
    /** Where nothing was begun lately, a client that waits behind so many jobs asks a second later for each of them. */
    private static final long JOBS_A_SECOND = 4;

    private QueueWait() {}

    /** Seconds for {@code Retry-After}: soon for a running job, later the longer its queue is. */
    static long seconds(JobView job, @Nullable QueueStanding standing) {
        if (job.state() != JobState.QUEUED || standing == null) {
            return 1;
        }
        long estimate = Objects.requireNonNullElse(standing.seconds(), standing.ahead() / JOBS_A_SECOND);
        return Math.clamp(1 + estimate, 1, LONGEST_SECONDS);
    }
}
