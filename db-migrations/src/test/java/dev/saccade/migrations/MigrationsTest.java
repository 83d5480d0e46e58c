package dev.saccade.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MigrationsTest {

    private static final EmbeddedPostgres SERVER = start();

    @AfterAll
    static void stop() throws IOException {
        SERVER.close();
    }

    @Test
    void emptyDatabaseIsBroughtUpToDateOnce() {
        var database = SERVER.getPostgresDatabase();

        assertThat(Migrations.apply(database)).isPositive();
        assertThat(Migrations.apply(database)).isZero();
    }

    @Test
    void programAppliesThemAndSucceeds() {
        assertThat(Migrate.run(Map.of(
                        "SPRING_DATASOURCE_URL", SERVER.getJdbcUrl("postgres", "template1"),
                        "SPRING_DATASOURCE_USERNAME", "postgres",
                        "SPRING_DATASOURCE_PASSWORD", "postgres")))
                .isZero();
    }

    @Test
    void programSaysWhichSettingIsMissing() {
        assertThat(Migrate.run(Map.of())).isEqualTo(2);
        assertThat(Migrate.run(Map.of("SPRING_DATASOURCE_URL", "jdbc:mysql://localhost/x")))
                .isEqualTo(2);
    }

    @Test
    void programFailsWhereNoDatabaseAnswers() {
        assertThat(Migrate.run(Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:1/saccade")))
                .isEqualTo(1);
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.start();
        } catch (IOException e) {
            throw new IllegalStateException("The embedded PostgreSQL did not start", e);
        }
    }
}
