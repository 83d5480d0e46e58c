package dev.saccade.ledger.batches;

import dev.saccade.ledger.jobs.NewJob;
import org.jspecify.annotations.Nullable;

/** One line of a batch, read and checked: a job, or what is wrong with it. */
public sealed interface BatchLine {

    /** From 1. */
    long line();

    /** A line that becomes a job. */
    record Job(long line, String customId, NewJob job) implements BatchLine {}

    /**
     * A line that does not.
     *
     * @param error JSON, as it is shown in the batch's error file
     */
    record Wrong(long line, @Nullable String customId, String error) implements BatchLine {}
}
