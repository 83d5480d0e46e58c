package dev.saccade.ledger.batches;

/** The batch takes no more lines from this intake: it was cancelled, given up, or another request has taken over. */
public final class IntakeLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IntakeLostException() {
        super("The batch takes no more lines from this intake.", null, false, false);
    }
}
