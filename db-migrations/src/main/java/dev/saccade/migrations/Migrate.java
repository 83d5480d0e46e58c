package dev.saccade.migrations;

import java.sql.SQLException;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The {@code migrate} program: applies the migrations and exits. It reads {@code SPRING_DATASOURCE_URL},
 * {@code SPRING_DATASOURCE_USERNAME} and {@code SPRING_DATASOURCE_PASSWORD} as the services do, but for the schema's owner;
 * where {@code SACCADE_SERVICE_USERNAME} and {@code SACCADE_SERVICE_PASSWORD} are given, it makes that log-in for the services;
 * {@code SACCADE_KEEP_JOBS_DAYS} and {@code SACCADE_KEEP_AUDIT_DAYS} say how long what is over is kept.
 */
public final class Migrate {

    private static final String URL = "SPRING_DATASOURCE_URL";

    private Migrate() {}

    /** Exit code 0: the schema is up to date; 1: it could not be brought there; 2: no usable URL was given. */
    public static void main(String[] arguments) {
        System.exit(run(System.getenv()));
    }

    static int run(Map<String, String> environment) {
        var url = environment.getOrDefault(URL, "");
        if (!url.startsWith("jdbc:postgresql:")) {
            System.err.println("Set " + URL + " to the database, for example jdbc:postgresql://host:5432/saccade.");
            return 2;
        }
        var dataSource = new PGSimpleDataSource();
        try {
            dataSource.setUrl(url);
        } catch (IllegalArgumentException e) {
            System.err.println(URL + " is not a PostgreSQL JDBC URL.");
            return 2;
        }
        Retention retention;
        try {
            retention = Retention.of(environment);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            return 2;
        }
        dataSource.setUser(environment.get("SPRING_DATASOURCE_USERNAME"));
        dataSource.setPassword(environment.get("SPRING_DATASOURCE_PASSWORD"));
        try {
            var applied = Migrations.apply(dataSource);
            System.out.println("The database is up to date; migrations applied: " + applied + ".");
            retention.apply(dataSource);
            return serviceLogin(environment, dataSource);
        } catch (FlywayException e) {
            System.err.println("The database could not be migrated: " + firstLine(e));
            return 1;
        } catch (SQLException e) {
            System.err.println("How long what is over is kept could not be set: " + e.getMessage());
            return 1;
        }
    }

    private static int serviceLogin(Map<String, String> environment, PGSimpleDataSource owner) {
        var name = environment.getOrDefault("SACCADE_SERVICE_USERNAME", "");
        if (name.isEmpty()) {
            return 0;
        }
        if (name.equals(owner.getUser())) {
            System.err.println(
                    "SACCADE_SERVICE_USERNAME is the schema's owner: give the services a log-in of their own.");
            return 2;
        }
        try {
            ServiceLogin.ensure(owner, name, environment.getOrDefault("SACCADE_SERVICE_PASSWORD", ""));
            System.out.println("The services' log-in " + name + " is ready.");
            return 0;
        } catch (SQLException e) {
            System.err.println("The services' log-in could not be made: " + e.getMessage());
            return 1;
        }
    }

    /** Flyway adds a table of codes below. */
    private static String firstLine(FlywayException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason was given");
    }
}
