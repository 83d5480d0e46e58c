package dev.saccade.ledger.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.TestLedger;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UsageTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final Usage usage = LEDGER.bean(Usage.class);
    private final UUID tenant = LEDGER.newTenant();
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    @Test
    void jobsCountWithTheirKeyWhenTheyEndAndRollingUpChangesNothing() {
        LEDGER.jobs().succeed(LEDGER.submitAndClaim(tenant), TestLedger.outcome("no"));
        LEDGER.jobs().succeed(LEDGER.submitAndClaim(tenant), TestLedger.outcome("yes"));
        LEDGER.jobs().fail(LEDGER.submitAndClaim(tenant), TestLedger.STORE_DOWN);
        LEDGER.jobs().cancel(tenant, LEDGER.submit(tenant), "key:other");
        LEDGER.jobs().requeue(LEDGER.submitAndClaim(tenant), TestLedger.STORE_DOWN);

        var expected = new UsageRow(today, "key:test", 2, 2, 240, 34, 24, 0);
        assertThat(usage.list(tenant, today, today, 10)).containsExactly(expected);
        while (usage.rollUp(2) > 0) {
            assertThat(usage.list(tenant, today, today, 10)).containsExactly(expected);
        }
        assertThat(LEDGER.strings("select id from usage_event where tenant_id = ?", tenant))
                .isEmpty();
        LEDGER.jobs().succeed(LEDGER.submitAndClaim(tenant), TestLedger.outcome("again"));
        assertThat(usage.list(tenant, today, today, 10).getFirst().succeeded()).isEqualTo(3);
    }

    @Test
    void completionThatIsUndoneLeavesNoUsage() {
        var lease = LEDGER.submitAndClaim(tenant);
        LEDGER.transaction().executeWithoutResult(status -> {
            LEDGER.jobs().succeed(lease, TestLedger.outcome("no"));
            status.setRollbackOnly();
        });

        assertThat(usage.list(tenant, today, today, 10)).isEmpty();
    }

    @Test
    void othersUsageIsNotSeen() {
        LEDGER.jobs().succeed(LEDGER.submitAndClaim(LEDGER.newTenant()), TestLedger.outcome("no"));

        assertThat(usage.list(tenant, today, today, 10)).isEmpty();
    }
}
