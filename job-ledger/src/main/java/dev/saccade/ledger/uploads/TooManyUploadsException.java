package dev.saccade.ledger.uploads;

/** The tenant has as many uploads going on as one may. */
public final class TooManyUploadsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyUploadsException() {
        super("The tenant has " + UploadSessions.MOST_OPEN + " uploads going on.", null, false, false);
    }
}
