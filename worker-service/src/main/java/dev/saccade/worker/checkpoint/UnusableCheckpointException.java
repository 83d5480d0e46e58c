package dev.saccade.worker.checkpoint;

/** The checkpoint is not what it should be, and another try would find the same; the message says how to mend it. */
final class UnusableCheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnusableCheckpointException(String message) {
        super(message);
    }
}
