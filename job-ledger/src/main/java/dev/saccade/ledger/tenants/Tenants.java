package dev.saccade.ledger.tenants;

import java.util.UUID;

/** Who the data belongs to. */
public final class Tenants {

    /** The tenant of this name, created where there is none. */
    public UUID ensure(String name) {
        throw new UnsupportedOperationException();
    }
}
