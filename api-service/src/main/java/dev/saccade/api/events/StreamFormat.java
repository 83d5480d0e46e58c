package dev.saccade.api.events;

import dev.saccade.ledger.events.JobEvent;
import dev.saccade.ledger.jobs.JobView;

/**
 * How one stream's events look to its client. Called by one thread at a time, in the events' order; what it answers is sent as it
 * is, and an empty text is not sent.
 */
public interface StreamFormat {

    /** How far the running attempt is; for showing only. */
    record Progress(String phase, long done, long total, int completionTokens) {}

    /** Sent first. */
    String opening();

    /**
     * The job came to a state. A further attempt writes all its texts anew.
     *
     * @param id what a client that reconnects has seen
     */
    String state(String id, JobEvent event);

    String progress(Progress progress);

    /**
     * A piece of an answer.
     *
     * @param index of the answer
     */
    String text(String id, int index, TextParts.Piece piece);

    /** The job has ended: nothing follows. */
    String result(String id, JobView job);

    /** Sent where nothing else was for long. */
    String heartbeat();

    /** The stream ends before the job does. */
    String farewell(String reason);
}
