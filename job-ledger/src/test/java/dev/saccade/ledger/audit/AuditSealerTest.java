package dev.saccade.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class AuditSealerTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final AuditSealer sealer = LEDGER.bean(AuditSealer.class);
    private final UUID tenant = LEDGER.newTenant();

    @Test
    void eventOfATransactionThatCommitsLateIsSealedTooAndNothingBefore() throws Exception {
        LEDGER.verifyAudit(tenant);
        var written = new CountDownLatch(1);
        var commit = new CountDownLatch(1);
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> late = threads.submit(() -> LEDGER.transaction().executeWithoutResult(status -> {
                append(1);
                LEDGER.sql().queryForList("select pg_current_xact_id()");
                LEDGER.bean(jakarta.persistence.EntityManager.class).flush();
                written.countDown();
                await(commit);
            }));
            await(written);
            appendAlone(2);
            LEDGER.sealAudit();

            assertThat(LEDGER.bean(AuditVerifier.class).verify(tenant))
                    .as("the younger transaction waits for the older one")
                    .isInstanceOfSatisfying(
                            AuditVerification.Intact.class,
                            intact -> assertThat(intact.pending()).isEqualTo(1));
            commit.countDown();
            late.get();
        }
        assertThat(LEDGER.auditedEvents(tenant)).isEqualTo(3);
    }

    @Test
    void manyTransactionsOfOneTenantRunAtOnceWhileSealersRace() throws Exception {
        var writers = new ArrayList<Future<?>>();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (int writer = 0; writer < 6; writer++) {
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        appendAlone(i);
                    }
                }));
            }
            var sealers = List.of(threads.submit(this::sealUntilAll), threads.submit(this::sealUntilAll));
            for (var writer : writers) {
                writer.get();
            }
            for (var one : sealers) {
                one.get();
            }
        }
        assertThat(LEDGER.auditedEvents(tenant)).isEqualTo(301);
        assertThat(LEDGER.strings("select segment from audit_seal where tenant_id = ?", tenant))
                .hasSizeGreaterThan(1);
    }

    @Test
    void transactionWithMoreEventsThanOneRoundTakesIsSealedWhole() {
        LEDGER.verifyAudit(tenant);
        LEDGER.transaction().executeWithoutResult(status -> {
            for (int i = 0; i < 25; i++) {
                append(i);
            }
        });
        appendAlone(25);
        Awaitility.await().until(() -> {
            sealer.seal(10);
            return events(LEDGER.bean(AuditVerifier.class).verify(tenant)) == 27;
        });

        assertThat(LEDGER.strings("select events from audit_seal where tenant_id = ? order by segment", tenant))
                .contains("25");
    }

    @Test
    void eventsOfBeforeThereWereSealsAreAdopted() {
        LEDGER.transaction().executeWithoutResult(status -> {
            LEDGER.sql().execute("set local session_replication_role = replica");
            LEDGER.sql().update("update audit_event set txn = null where tenant_id = ?", tenant);
        });
        var upgraded = new AuditSealer(
                LEDGER.sql(), LEDGER.bean(org.springframework.transaction.PlatformTransactionManager.class));
        Awaitility.await().until(() -> {
            upgraded.seal(1_000);
            return events(LEDGER.bean(AuditVerifier.class).verify(tenant)) == 1;
        });
    }

    @Test
    void eventsThatTheRetentionRuleDroppedAreNoTampering() {
        appendAlone(2);
        assertThat(LEDGER.auditedEvents(tenant)).isEqualTo(2);
        var last = LEDGER.strings("select id from audit_event where tenant_id = ? order by id desc limit 1", tenant)
                .getFirst();
        try {
            LEDGER.transaction().executeWithoutResult(status -> {
                LEDGER.sql().execute("set local session_replication_role = replica");
                LEDGER.sql().update("update audit_kept set from_id = ?", UUID.fromString(last));
                LEDGER.sql()
                        .update(
                                "delete from audit_event where tenant_id = ? and id < ?",
                                tenant,
                                UUID.fromString(last));
            });

            assertThat(LEDGER.verifyAudit(tenant)).isInstanceOfSatisfying(AuditVerification.Intact.class, intact -> {
                assertThat(intact.events()).isEqualTo(2);
                assertThat(intact.expired()).isEqualTo(1);
            });
        } finally {
            LEDGER.sql().update("update audit_kept set from_id = '00000000-0000-0000-0000-000000000000'");
        }
    }

    private void sealUntilAll() {
        Awaitility.await().until(() -> {
            sealer.seal(40);
            return events(LEDGER.bean(AuditVerifier.class).verify(tenant)) == 301;
        });
    }

    private static long events(AuditVerification found) {
        assertThat(found).isInstanceOf(AuditVerification.Intact.class);
        return ((AuditVerification.Intact) found).events();
    }

    private void appendAlone(int number) {
        LEDGER.transaction().executeWithoutResult(status -> append(number));
    }

    private void append(int number) {
        LEDGER.bean(AuditLog.class)
                .append(new AuditEntry(tenant, "key:test", "test.done", "test", tenant, Map.of("number", number)));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
