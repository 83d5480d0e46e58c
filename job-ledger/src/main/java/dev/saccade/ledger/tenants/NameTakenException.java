package dev.saccade.ledger.tenants;

/** Another tenant, or another key in force of the same tenant, has this name. */
public final class NameTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NameTakenException(String name) {
        super("The name " + name + " is taken.");
    }
}
