package dev.saccade.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.TestLedger;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;

/** The table in Java and the guards in the database say the same. */
class JobTransitionsTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    static Stream<Arguments> pairs() {
        return Arrays.stream(JobState.values())
                .flatMap(from -> Arrays.stream(JobState.values())
                        .filter(to -> to != from)
                        .map(to -> Arguments.of(from, to)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void databaseRefusesExactlyWhatTheTableForbids(JobState from, JobState to) {
        var job = jobIn(from);

        assertThat(databaseAllows(job, from, to)).isEqualTo(JobTransitions.allowed(from, to));
    }

    @Test
    void nothingFollowsATerminalState() {
        assertThat(JobState.values())
                .allSatisfy(from -> assertThat(
                                Arrays.stream(JobState.values()).noneMatch(to -> JobTransitions.allowed(from, to)))
                        .isEqualTo(from.terminal()));
    }

    @Test
    void successWithoutResultIsRefusedAtCommit() {
        var job = jobIn(JobState.RUNNING);

        assertThatThrownBy(() -> move(job, JobState.SUCCEEDED)).hasStackTraceContaining("SUCCEEDED without a result");
        assertThat(LEDGER.state(job)).isEqualTo(JobState.RUNNING);
    }

    @Test
    void resultWithoutSuccessIsRefused() {
        var succeeded = jobIn(JobState.SUCCEEDED);
        var running = jobIn(JobState.RUNNING);

        assertThatThrownBy(() ->
                        LEDGER.sql().update("update job_result set job_id = ? where job_id = ?", running, succeeded))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("a result belongs to the attempt that succeeded");
    }

    @Test
    void requestOfAJobNeverChanges() {
        var job = jobIn(JobState.QUEUED);

        assertThatThrownBy(() -> LEDGER.sql().update("update job set request = '{}' where id = ?", job))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("never change");
    }

    /** Tries it in a transaction that is undone; a success is given a result, so that only the transition decides. */
    private static boolean databaseAllows(UUID job, JobState from, JobState to) {
        return Objects.requireNonNull(LEDGER.transaction().execute(status -> {
            status.setRollbackOnly();
            try {
                move(job, to);
                return true;
            } catch (DataAccessException e) {
                assertThat(e).hasMessageContaining("no transition from " + from + " to " + to);
                return false;
            }
        }));
    }

    private static void move(UUID job, JobState to) {
        boolean running = to == JobState.RUNNING;
        boolean error = to == JobState.FAILED || to == JobState.EXPIRED;
        LEDGER.sql()
                .update(
                        """
                        update job set state = ?, finished_at = case when ? then now() end,
                            started_at = coalesce(started_at, now()), error_code = ?, error_message = ?,
                            lease_token = ?, worker_id = ?, lease_until = case when ? then now() end
                        where id = ?""",
                        to.name(),
                        to.terminal(),
                        error ? "code" : null,
                        error ? "message" : null,
                        running ? UUID.randomUUID() : null,
                        running ? "worker" : null,
                        running,
                        job);
    }

    private static UUID jobIn(JobState state) {
        var tenant = LEDGER.newTenant();
        if (state == JobState.QUEUED) {
            return LEDGER.submit(tenant);
        }
        var lease = LEDGER.submitAndClaim(tenant);
        boolean done = switch (state) {
            case QUEUED, RUNNING -> true;
            case SUCCEEDED -> LEDGER.jobs().succeed(lease, TestLedger.outcome("yes"));
            case FAILED -> LEDGER.jobs().fail(lease, TestLedger.STORE_DOWN);
            case CANCELLED -> LEDGER.jobs().cancelled(lease);
            case EXPIRED -> LEDGER.jobs().expired(lease);
        };
        assertThat(done).isTrue();
        return lease.jobId();
    }
}
