package dev.saccade.worker.events;

import dev.saccade.ledger.jobs.JobProgress;

/** A running attempt whose progress can be read at any time, from any thread. */
public interface LiveSource {

    /** Grows with every change. */
    long version();

    /** How far it is, with all text so far. */
    JobProgress snapshot();
}
