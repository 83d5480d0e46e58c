package dev.saccade.ledger.jobs;

/** Where a job is in its life. {@link JobTransitions} says what may follow what. */
public enum JobState {
    QUEUED(false),
    RUNNING(false),
    SUCCEEDED(true),
    FAILED(true),
    CANCELLED(true),
    EXPIRED(true);

    private final boolean terminal;

    JobState(boolean terminal) {
        this.terminal = terminal;
    }

    /** Whether nothing follows any more. */
    public boolean terminal() {
        return terminal;
    }
}
