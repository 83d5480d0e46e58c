package dev.saccade.migrations;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** Brings a database to the schema of this version. Safe to call from several processes at once: Flyway takes a lock. */
public final class Migrations {

    private Migrations() {}

    /**
     * Applies what is missing.
     *
     * @param dataSource a role that may create tables
     * @return the number of migrations that were applied; 0 where the database was up to date
     * @throws org.flywaydb.core.api.FlywayException where the database can't be reached or was changed by other means
     */
    public static int apply(DataSource dataSource) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(dataSource)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .load()
                .migrate()
                .migrationsExecuted;
    }
}
