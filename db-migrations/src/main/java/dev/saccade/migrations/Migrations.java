package dev.saccade.migrations;

import java.lang.System.Logger;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the schema of this version. Safe to call from several processes at once: Flyway takes a lock. */
public final class Migrations {

    private static final Logger LOG = System.getLogger(Migrations.class.getName());

    /**
     * Whoever comes after a migration that waits for a lock waits too, so it gives up soon and tries again. Shorter than
     * PostgreSQL's deadlock_timeout: in a deadlock it is the migration that gives way, never an instance that serves.
     */
    private static final String PATIENCE = "set lock_timeout = '800ms'";

    private static final int ATTEMPTS = 60;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String DEADLOCK = "40P01";

    private Migrations() {}

    /**
     * Applies what is missing, while instances of the version before serve.
     *
     * @param dataSource a role that may create tables
     * @return the number of migrations that were applied; 0 where the database was up to date
     * @throws FlywayException where the database can't be reached, was changed by other means, or is so busy that a minute
     *     of attempts found no moment for a table's lock
     */
    public static int apply(DataSource dataSource) {
        int before = flyway(dataSource).info().applied().length;
        patiently(() -> flyway(dataSource).migrate());
        Partitions.makeAhead(dataSource);
        return flyway(dataSource).info().applied().length - before;
    }

    private static Flyway flyway(DataSource dataSource) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .initSql(PATIENCE)
                .load();
    }

    /** Runs it again as long as it only failed because a table was in use. */
    static void patiently(Runnable work) {
        for (int attempt = 1; ; attempt++) {
            try {
                work.run();
                return;
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !waitedForALock(e)) {
                    throw e;
                }
                LOG.log(Logger.Level.INFO, "A table is in use; the migration is tried again");
                pause(e);
            }
        }
    }

    private static boolean waitedForALock(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || DEADLOCK.equals(e.getSQLState());
            }
        }
        return false;
    }

    private static void pause(RuntimeException failure) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
