package dev.saccade.ledger.jobs;

/**
 * How far a running job is; written with the heartbeat.
 *
 * @param phase what is being done, e.g. {@code fetching}, {@code decoding}, {@code vision}, {@code generating}
 * @param done steps of the phase that are done, of {@code total}
 * @param completionTokens tokens written so far
 * @param text what the model has written so far
 */
public record JobProgress(String phase, long done, long total, int completionTokens, String text) {}
