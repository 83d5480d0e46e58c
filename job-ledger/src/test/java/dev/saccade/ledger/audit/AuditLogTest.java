package dev.saccade.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.TestLedger;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataAccessException;

class AuditLogTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final UUID tenant = LEDGER.newTenant();

    @BeforeEach
    void twoSegmentsOfThreeEvents() {
        appendAlone(2);
        appendAlone(3);
        LEDGER.verifyAudit(tenant);
        for (int i = 4; i <= 6; i++) {
            appendAlone(i);
        }
        assertIntact(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "actor = 'key:somebody'",
                "action = 'test.other'",
                "detail = '{\"number\":33}'",
                "at = at + interval '1 microsecond'",
                "subject_id = gen_random_uuid()",
                "subject_type = 'other'",
                "txn = txn - 1"
            })
    void changedEventIsFound(String change) {
        UUID third = event(3);
        tamper("update audit_event set " + change + " where tenant_id = ? and id = ?", tenant, third);

        assertThat(broken().event()).isEqualTo(third);
        assertThat(broken().reason()).isEqualTo("Event " + third + " is not what was written.");
    }

    @Test
    void missingEventIsFound() {
        UUID last = event(6);
        tamper("delete from audit_event where tenant_id = ? and id = ?", tenant, last);

        assertThat(broken().event()).isEqualTo(last);
        assertThat(broken().reason()).isEqualTo("Event " + last + " is missing.");
    }

    @Test
    void reorderedEventsAreFound() {
        UUID second = event(2);
        UUID third = event(3);
        tamper("update audit_event set id = gen_random_uuid() where tenant_id = ? and id = ?", tenant, second);
        tamper("update audit_event set id = ? where tenant_id = ? and id = ?", second, tenant, third);

        assertThat(broken().segment()).isEqualTo(1);
    }

    @Test
    void eventThatWasPutInIsFound() {
        tamper(
                "insert into audit_event (id, tenant_id, actor, action, subject_type, subject_id, detail, txn)"
                        + " select gen_random_uuid(), tenant_id, actor, action, subject_type, subject_id, detail, txn"
                        + " from audit_event where tenant_id = ? and id = ?",
                tenant,
                event(3));

        assertThat(broken().reason()).isEqualTo("1 events were put in that no segment has.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_seal set hash = sha256(hash) where tenant_id = ? and segment = 1",
                "update audit_seal set previous_hash = sha256(hash) where tenant_id = ? and segment = 1",
                "update audit_seal set contents = overlay(contents placing '\\x00' from 30) where tenant_id = ?"
                        + " and segment = 1",
                "delete from audit_seal where tenant_id = ? and segment = 1"
            })
    void changedOrMissingSegmentIsFound(String change) {
        tamper(change, tenant);

        assertThat(broken().segment()).isEqualTo(1);
    }

    @Test
    void missingLastSegmentIsFound() {
        tamper(
                "delete from audit_seal where tenant_id = ? and segment ="
                        + " (select segments from audit_chain where tenant_id = audit_seal.tenant_id)",
                tenant);

        assertThat(broken().reason()).containsAnyOf("were sealed", "is missing");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_event set actor = 'nobody'",
                "delete from audit_event",
                "truncate audit_event",
                "update audit_seal set events = 1",
                "delete from audit_seal",
                "truncate audit_seal",
                "delete from audit_chain",
                "truncate audit_chain",
                "update audit_chain set segments = 1",
                "update audit_chain set segments = segments + 2, events = events + 2",
                "update audit_chain set segments = segments + 1"
            })
    void databaseRefusesToRewriteHistory(String statement) {
        assertThatThrownBy(() -> LEDGER.sql().update(statement))
                .isInstanceOf(DataAccessException.class)
                .rootCause()
                .hasMessageMatching("(?s).*(append-only|only moves forward).*");
    }

    @Test
    void eventIsUndoneWithWhatItIsAbout() {
        LEDGER.transaction().executeWithoutResult(status -> {
            append(7);
            append(8);
            status.setRollbackOnly();
        });

        assertIntact(6);
    }

    @Test
    void nothingIsAppendedOutsideATransaction() {
        assertThatThrownBy(() -> append(7)).isInstanceOf(IllegalStateException.class);
    }

    private void appendAlone(int number) {
        LEDGER.transaction().executeWithoutResult(status -> append(number));
    }

    private void append(int number) {
        LEDGER.bean(AuditLog.class)
                .append(new AuditEntry(tenant, "key:test", "test.done", "test", tenant, Map.of("number", number)));
    }

    private void assertIntact(int events) {
        assertThat(LEDGER.auditedEvents(tenant)).isEqualTo(events);
    }

    private AuditVerification.Broken broken() {
        return (AuditVerification.Broken) LEDGER.verifyAudit(tenant);
    }

    private UUID event(int number) {
        return UUID.fromString(LEDGER.strings(
                        "select id from audit_event where tenant_id = ? order by id offset ? limit 1",
                        tenant,
                        number - 1)
                .getFirst());
    }

    /** As only the database's owner can. */
    private static void tamper(String statement, Object... arguments) {
        LEDGER.transaction().executeWithoutResult(status -> {
            LEDGER.sql().execute("set local session_replication_role = replica");
            assertThat(LEDGER.sql().update(statement, arguments)).isEqualTo(1);
        });
    }
}
