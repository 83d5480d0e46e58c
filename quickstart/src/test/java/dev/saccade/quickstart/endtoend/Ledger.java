package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.quickstart.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What must hold in the database whatever was killed. */
final class Ledger {

    private Ledger() {}

    /** The database of a quickstart that runs in another process on this folder. */
    static JdbcTemplate of(Path data) throws IOException {
        String port =
                Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://127.0.0.1:" + port + "/postgres");
        source.setUser(EmbeddedPostgres.USER);
        source.setPassword(Files.readString(data.resolve("secrets/database")).strip());
        return new JdbcTemplate(source);
    }

    /** Whether some jobs are done, some running and some waiting. */
    static boolean isInMidWork(JdbcTemplate database) {
        List<@Nullable String> states = database.queryForList("select distinct state from job", String.class);
        return states.containsAll(List.of("SUCCEEDED", "RUNNING", "QUEUED"));
    }

    static void assertEveryJobEndedExactlyOnce(JdbcTemplate database, int jobs) {
        assertThat(count(database, "select count(*) from job")).isEqualTo(jobs);
        assertThat(count(database, "select count(*) from job where state = 'SUCCEEDED'"))
                .isEqualTo(jobs);
        assertThat(count(database, "select count(*) from job_result")).isEqualTo(jobs);
        assertThat(count(database, "select count(distinct job_id) from job_result"))
                .isEqualTo(jobs);
        assertThat(count(database, "select count(*) from job_attempt where ended_at is null"))
                .isZero();
        assertThat(count(
                        database,
                        "select count(*) from (select job_id from job_attempt where outcome = 'SUCCEEDED'"
                                + " group by job_id having count(*) <> 1) as doubly"))
                .isZero();
        assertThat(count(database, "select max(attempt) from job"))
                .as("a job that was running when the process was killed took another attempt")
                .isGreaterThan(1);
    }

    private static long count(JdbcTemplate database, String sql) {
        Long count = database.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }
}
