package dev.saccade.ledger;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The database server's clock: the one by which leases and deadlines are judged, whatever the JVMs' clocks do. */
public final class DatabaseClock {

    private final EntityManager entities;

    public DatabaseClock(EntityManager entities) {
        this.entities = entities;
    }

    /** The time now, not the transaction's start; in microseconds. */
    public Instant now() {
        var micros = (Number) entities.createNativeQuery(
                        "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)", Long.class)
                .getSingleResult();
        return ofMicros(micros.longValue());
    }

    /** What {@link #micros} gave. */
    public static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** Microseconds since 1970: as fine as PostgreSQL keeps time. */
    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
