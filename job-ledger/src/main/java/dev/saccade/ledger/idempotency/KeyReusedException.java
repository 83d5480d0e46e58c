package dev.saccade.ledger.idempotency;

/** The tenant has used this key for another request. */
public final class KeyReusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeyReusedException() {
        super("This idempotency key belongs to another request.");
    }
}
