package dev.saccade.ledger.jobs;

/** A search took longer than anybody would wait; a narrower one may not. */
public final class SearchTooBroadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SearchTooBroadException(Throwable cause) {
        super("The search took too long.", cause);
    }
}
