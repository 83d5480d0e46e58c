package dev.saccade.ledger.batches;

import dev.saccade.ledger.jobs.JobView;
import org.jspecify.annotations.Nullable;

/**
 * A line of a batch with what has become of it: {@code job}, or {@code error}, which is JSON. Neither is there where retention
 * has deleted the job.
 */
public record BatchItem(
        long line,
        @Nullable String customId,
        @Nullable JobView job,
        @Nullable String error) {}
