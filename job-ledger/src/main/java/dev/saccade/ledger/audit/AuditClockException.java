package dev.saccade.ledger.audit;

/** The database counts its transactions anew, as one that was restored from a dump does: nothing can be sealed. */
public final class AuditClockException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AuditClockException() {
        super("The audit log can't be sealed: this database was restored from a dump. Run the migrate program once.");
    }
}
