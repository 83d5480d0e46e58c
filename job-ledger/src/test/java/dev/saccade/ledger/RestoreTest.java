package dev.saccade.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.Lease;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A physical backup of a server that works meanwhile, taken as docs/backup.md says, and the ledger on what is restored from it. */
class RestoreTest {

    private static final Set<String> NOT_COPIED = Set.of("postmaster.pid", "postmaster.opts", "pg_wal");

    @TempDir
    private Path work;

    @Test
    void backupLosesNoFinishedJobAndRunsOnlyWhatRanAgain() throws Exception {
        Path copy = work.resolve("copy");
        UUID tenant;
        List<UUID> finished = new ArrayList<>();
        List<UUID> running;
        List<UUID> waiting;
        try (var server = EmbeddedPostgres.builder()
                        .setDataDirectory(work.resolve("data"))
                        .start();
                var ledger = TestLedger.on(server.getJdbcUrl("postgres", "postgres"))) {
            tenant = ledger.newTenant();
            for (int i = 0; i < 10; i++) {
                finished.add(finish(ledger, ledger.submitAndClaim(tenant)));
            }
            List<Lease> leases = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                leases.add(ledger.submitAndClaim(tenant));
            }
            waiting = List.of(ledger.submit(tenant), ledger.submit(tenant), ledger.submit(tenant));

            try (var connection = server.getPostgresDatabase().getConnection();
                    var sql = connection.createStatement()) {
                sql.execute("select pg_backup_start('test', true)");
                copy(work.resolve("data"), copy);
                for (Lease lease : leases.subList(0, 3)) {
                    finished.add(finish(ledger, lease));
                }
                Files.writeString(copy.resolve("backup_label"), stop(sql));
                copy(work.resolve("data/pg_wal"), copy.resolve("pg_wal"));
            }
            // after the backup: lost with it, and done again
            leases.subList(3, 5).forEach(lease -> finish(ledger, lease));
            running = leases.subList(3, 8).stream().map(Lease::jobId).toList();
        }

        try (var server = EmbeddedPostgres.builder()
                        .setDataDirectory(copy)
                        .setCleanDataDirectory(false)
                        .start();
                var ledger = TestLedger.on(server.getJdbcUrl("postgres", "postgres"))) {
            assertThat(finished).hasSize(13).allSatisfy(job -> {
                var result = ledger.jobs().find(tenant, job).orElseThrow().result();
                assertThat(Objects.requireNonNull(result).answer()).isEqualTo("answer of " + job);
            });
            assertThat(running).allSatisfy(job -> assertThat(ledger.state(job)).isEqualTo(JobState.RUNNING));
            running.forEach(ledger::loseLease);
            ledger.jobs().sweep(1_000);

            running.forEach(job -> finish(ledger, ledger.claim(job, 2, "worker-2")));
            waiting.forEach(job -> finish(ledger, ledger.claim(job, 1, "worker-2")));

            assertThat(finished)
                    .allSatisfy(job -> assertThat(ledger.attempts(job)).containsExactly("SUCCEEDED"));
            assertThat(running)
                    .allSatisfy(job -> assertThat(ledger.attempts(job)).containsExactly("LOST", "SUCCEEDED"));
            assertThat(waiting)
                    .allSatisfy(job -> assertThat(ledger.attempts(job)).containsExactly("SUCCEEDED"));
            assertThat(ledger.strings("select count(*) from job where tenant_id = ? and state = 'SUCCEEDED'", tenant))
                    .containsExactly("21");
            assertThat(ledger.auditedEvents(tenant)).isPositive();
        }
    }

    private static UUID finish(TestLedger ledger, Lease lease) {
        assertThat(ledger.jobs().succeed(lease, TestLedger.outcome("answer of " + lease.jobId())))
                .isTrue();
        return lease.jobId();
    }

    private static String stop(Statement sql) throws SQLException {
        var stopped = sql.executeQuery("select labelfile from pg_backup_stop(true)");
        assertThat(stopped.next()).isTrue();
        return stopped.getString(1);
    }

    /** While the server writes: files may go meanwhile, and what is torn is made whole from the log. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path target = to.resolve(from.relativize(folder).toString());
                Files.createDirectories(target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
                return !folder.equals(from)
                                && NOT_COPIED.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!NOT_COPIED.contains(file.getFileName().toString())) {
                    try {
                        Files.copy(file, to.resolve(from.relativize(file).toString()));
                    } catch (NoSuchFileException e) {
                        return FileVisitResult.CONTINUE;
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
