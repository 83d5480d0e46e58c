package dev.saccade.ledger.jobs;

/** Why a job did not succeed: a stable code, e.g. {@code media-unreadable}, and a sentence that says what to do. */
public record JobError(String code, String message) {}
