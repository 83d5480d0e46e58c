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
    void fiveEvents() {
        for (int i = 2; i <= 5; i++) {
            int number = i;
            LEDGER.transaction().executeWithoutResult(status -> append(tenant, number));
        }
    }

    @Test
    void untouchedChainVerifies() {
        assertThat(LEDGER.verifyAudit(tenant)).isEqualTo(new AuditVerification.Intact(5));
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
                "hash = sha256(hash)",
                "previous_hash = sha256(hash)"
            })
    void changedEventIsFound(String change) {
        tamper("update audit_event set " + change + " where tenant_id = ? and seq = 3");

        assertThat(LEDGER.verifyAudit(tenant))
                .isEqualTo(new AuditVerification.Broken(3, "Event 3 is not what was written."));
    }

    @Test
    void removedEventIsFound() {
        tamper("delete from audit_event where tenant_id = ? and seq = 3");

        assertThat(LEDGER.verifyAudit(tenant)).isEqualTo(new AuditVerification.Broken(3, "Event 3 is missing."));
    }

    @Test
    void removedEndIsFound() {
        tamper("delete from audit_event where tenant_id = ? and seq = 5");

        assertThat(LEDGER.verifyAudit(tenant))
                .isInstanceOfSatisfying(
                        AuditVerification.Broken.class,
                        broken -> assertThat(broken.seq()).isEqualTo(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit_event set actor = 'nobody'",
                "delete from audit_event",
                "truncate audit_event",
                "delete from audit_head",
                "truncate audit_head",
                "update audit_head set seq = 0",
                "update audit_head set seq = seq + 2"
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
            append(tenant, 6);
            append(tenant, 7);
            status.setRollbackOnly();
        });

        assertThat(LEDGER.verifyAudit(tenant)).isEqualTo(new AuditVerification.Intact(5));
    }

    @Test
    void severalEventsOfOneTransactionAreChained() {
        LEDGER.transaction().executeWithoutResult(status -> {
            append(tenant, 6);
            append(tenant, 7);
        });

        assertThat(LEDGER.verifyAudit(tenant)).isEqualTo(new AuditVerification.Intact(7));
    }

    @Test
    void nothingIsAppendedOutsideATransaction() {
        assertThatThrownBy(() -> append(tenant, 6)).isInstanceOf(IllegalStateException.class);
    }

    private static void append(UUID tenant, int number) {
        LEDGER.bean(AuditLog.class)
                .append(new AuditEntry(tenant, "key:test", "test.done", "test", tenant, Map.of("number", number)));
    }

    /** As only the database's owner can. */
    private void tamper(String statement) {
        LEDGER.transaction().executeWithoutResult(status -> {
            LEDGER.sql().execute("set local session_replication_role = replica");
            assertThat(LEDGER.sql().update(statement, tenant)).isEqualTo(1);
        });
    }
}
