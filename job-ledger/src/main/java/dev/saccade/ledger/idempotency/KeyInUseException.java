package dev.saccade.ledger.idempotency;

/** The first request with this key hasn't been answered yet, however long one waited. */
public final class KeyInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final String MESSAGE = "The first request with this idempotency key is still being worked on.";

    KeyInUseException() {
        super(MESSAGE);
    }

    KeyInUseException(Throwable cause) {
        super(MESSAGE, cause);
    }
}
