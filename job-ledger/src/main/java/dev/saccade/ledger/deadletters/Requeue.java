package dev.saccade.ledger.deadletters;

/** What became of the wish to have a dead letter's job announced again. */
public enum Requeue {
    DONE,
    NOT_FOUND,
    /** The message named no job that there is. */
    NO_JOB,
    /** Its job runs or is finished: a hint would change nothing. */
    NOT_WAITING
}
