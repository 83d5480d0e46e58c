package dev.saccade.worker.jobs;

import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobOutcome;

/** How an attempt ended, before it is written to the ledger. */
sealed interface Outcome {

    record Succeeded(JobOutcome result) implements Outcome {}

    /** No other try helps. */
    record Failed(JobError error) implements Outcome {}

    /** Another attempt, here or elsewhere, may succeed. */
    record Retry(JobError error) implements Outcome {}

    /** No job gets further here at the moment, and it is not this one's doing: it has to wait, whatever it has cost before. */
    record Outage(JobError error) implements Outcome {}

    /** Stopped before its end, and why. */
    record Halted(Halt reason) implements Outcome {}
}
