package dev.saccade.ledger.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.saccade.ledger.TestLedger;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobEventsTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final JobEvents events = LEDGER.bean(JobEvents.class);
    private final UUID tenant = LEDGER.newTenant();

    @Test
    void everyStateThatAJobWentThroughIsAnEventInOrder() {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.jobs().requeue(lease, TestLedger.STORE_DOWN);
        var second = LEDGER.claim(lease.jobId(), 2, "worker-2");
        LEDGER.jobs().succeed(second, TestLedger.outcome("yes"));

        assertThat(events.of(tenant, lease.jobId()))
                .extracting(JobEvent::position, JobEvent::state, JobEvent::attempt, JobEvent::error)
                .containsExactly(
                        tuple(0, JobState.QUEUED, 1, null),
                        tuple(1, JobState.RUNNING, 1, null),
                        tuple(3, JobState.QUEUED, 2, TestLedger.STORE_DOWN),
                        tuple(4, JobState.RUNNING, 2, null),
                        tuple(5, JobState.SUCCEEDED, 2, null));
    }

    @Test
    void handInPsqlThatMovesAJobWritesItsEventToo() {
        var job = LEDGER.submit(tenant);

        LEDGER.sql().update("update job set state = 'CANCELLED', finished_at = now() where id = ?", job);

        assertThat(events.of(tenant, job))
                .extracting(JobEvent::state)
                .containsExactly(JobState.QUEUED, JobState.CANCELLED);
        assertThat(events.positions(List.of(job, UUID.randomUUID())))
                .containsOnly(Map.entry(job, JobEvent.position(JobState.CANCELLED, 1)));
    }

    @Test
    void anotherTenantHasNoEvents() {
        var job = LEDGER.submit(tenant);

        assertThat(events.of(LEDGER.newTenant(), job)).isEmpty();
    }

    @Test
    void eventsIdIsAUuidV7OfItsTime() {
        var job = LEDGER.submit(tenant);

        var id = UUID.fromString(
                LEDGER.strings("select id from job_event where job_id = ?", job).getFirst());

        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16))
                .isBetween(
                        Instant.now().minus(Duration.ofMinutes(5)),
                        Instant.now().plus(Duration.ofMinutes(5)));
    }

    @Test
    void onlyKeysInForceThatReadJobsMayListen() {
        var keys = LEDGER.bean(ApiKeys.class);
        var reads = keyId(keys.issue(tenant, "reads", Role.VIEWER.scopes()));
        var writes = keyId(keys.issue(tenant, "nothing", Set.of()));
        var revoked = keyId(keys.issue(tenant, "revoked", Role.VIEWER.scopes()));
        keys.revoke(tenant, revoked, "test");

        assertThat(events.keysThatMayListen(List.of(reads, writes, revoked))).containsExactly(reads);
    }

    private static UUID keyId(String secret) {
        return Objects.requireNonNull(
                LEDGER.bean(ApiKeys.class).authenticate(secret).orElseThrow().keyId());
    }
}
