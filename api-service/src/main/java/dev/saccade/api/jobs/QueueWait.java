package dev.saccade.api.jobs;

import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;

/** When it is worth asking again about a job. */
public final class QueueWait {

    private static final long LONGEST_SECONDS = 60;
    /** A client that waits behind so many jobs asks a second later for each of them. */
    private static final long JOBS_A_SECOND = 4;

    private final JobLedger ledger;

    public QueueWait(JobLedger ledger) {
        this.ledger = ledger;
    }

    /** Seconds for {@code Retry-After}: soon for a running job, later the longer its queue is. */
    long seconds(JobView job) {
        if (job.state() != JobState.QUEUED) {
            return 1;
        }
        return Math.min(LONGEST_SECONDS, 1 + ledger.ahead(job.urgency(), job.id()) / JOBS_A_SECOND);
    }
}
