package dev.saccade.ledger.usage;

/** Jobs were refused because too many of all tenants wait already. */
public final class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    QueueFullException() {
        super("As many jobs wait as saccade.ledger.max-queued-jobs allows");
    }
}
