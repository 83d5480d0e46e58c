package dev.saccade.ledger.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.saccade.ledger.TestLedger;
import dev.saccade.ledger.messages.JobHint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final Outbox outbox = LEDGER.bean(Outbox.class);
    private final UUID tenant = LEDGER.newTenant();

    @BeforeEach
    void nothingWaits() {
        LEDGER.sql().update("delete from outbox");
    }

    @Test
    void confirmedHintIsPublishedOnceAndInOrder() {
        var first = LEDGER.submit(tenant);
        var second = LEDGER.submit(tenant);
        var published = new ArrayList<OutboxRow>();

        assertThat(outbox.relay(10, rows -> confirmAll(rows, published))).isEqualTo(2);
        assertThat(outbox.relay(10, rows -> confirmAll(rows, published))).isZero();
        assertThat(published).extracting(OutboxRow::jobId).containsExactly(first, second);
        assertThat(published).extracting(OutboxRow::routingKey).containsOnly("standard");
        assertThat(JobHint.parse(published.getFirst().payload())).contains(new JobHint(first, 1));
    }

    @Test
    void hintWithoutConfirmStays() {
        LEDGER.submit(tenant);
        var second = LEDGER.submit(tenant);

        assertThat(outbox.relay(10, rows -> List.of(rows.getFirst().id()))).isEqualTo(1);
        var rest = new ArrayList<OutboxRow>();
        outbox.relay(10, rows -> confirmAll(rows, rest));
        assertThat(rest).extracting(OutboxRow::jobId).containsExactly(second);
    }

    @Test
    void relayThatDiesLosesNothing() {
        var job = LEDGER.submit(tenant);

        assertThatThrownBy(() -> outbox.relay(10, rows -> {
                    throw new IllegalStateException("broker gone");
                }))
                .hasMessage("broker gone");
        var published = new ArrayList<OutboxRow>();
        outbox.relay(10, rows -> confirmAll(rows, published));
        assertThat(published).extracting(OutboxRow::jobId).containsExactly(job);
    }

    @Test
    void twoRelaysShareTheWork() {
        var first = LEDGER.submit(tenant);
        var second = LEDGER.submit(tenant);

        LEDGER.transaction().executeWithoutResult(status -> {
            assertThat(outbox.lockBatch(1)).extracting(OutboxRow::jobId).containsExactly(first);
            // another thread stands for another process: it must neither wait nor see the locked row
            var other = new ArrayList<OutboxRow>();
            var thread = Thread.ofPlatform().start(() -> outbox.relay(10, rows -> confirmAll(rows, other)));
            assertThat(join(thread)).isTrue();
            assertThat(other).extracting(OutboxRow::jobId).containsExactly(second);
        });
    }

    @Test
    void publishedHintsLeaveNothingBehind() {
        LEDGER.submit(tenant);
        outbox.relay(10, rows -> confirmAll(rows, new ArrayList<>()));

        assertThat(LEDGER.strings("select job_id from outbox where tenant_id = ?", tenant))
                .isEmpty();
    }

    @Test
    void hintsThatAnInstanceOfBeforeHasPublishedAreDeletedAndWaitingOnesKept() {
        var published = LEDGER.submit(tenant);
        LEDGER.sql().update("update outbox set published_at = now() where tenant_id = ?", tenant);
        var waiting = LEDGER.submit(tenant);
        LEDGER.sql()
                .update(
                        "update outbox set created_at = created_at - interval '9 days',"
                                + " published_at = published_at - interval '9 days' where tenant_id = ?",
                        tenant);

        outbox.purge(Duration.ofDays(8), 10_000);
        assertThat(LEDGER.strings("select job_id from outbox where tenant_id = ?", tenant))
                .containsExactly(waiting.toString())
                .doesNotContain(published.toString());
    }

    @Test
    void lockingNeedsATransaction() {
        assertThatThrownBy(() -> outbox.lockBatch(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> outbox.published(List.of(tenant))).isInstanceOf(IllegalStateException.class);
    }

    private static List<UUID> confirmAll(List<OutboxRow> rows, List<OutboxRow> published) {
        published.addAll(rows);
        return rows.stream().map(OutboxRow::id).toList();
    }

    private static boolean join(Thread thread) {
        try {
            return thread.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
