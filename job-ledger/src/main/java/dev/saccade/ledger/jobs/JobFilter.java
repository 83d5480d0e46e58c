package dev.saccade.ledger.jobs;

import org.jspecify.annotations.Nullable;

/** Which jobs a list shows; null takes every state. */
public record JobFilter(@Nullable JobState state) {

    public static final JobFilter ALL = new JobFilter(null);
}
