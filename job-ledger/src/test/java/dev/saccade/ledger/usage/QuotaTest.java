package dev.saccade.ledger.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.saccade.ledger.TestLedger;
import dev.saccade.ledger.videos.VideoFacts;
import dev.saccade.ledger.videos.VideoLedger;
import java.util.ArrayList;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTest {

    private static final TestLedger LEDGER = TestLedger.shared();

    private final UUID tenant = LEDGER.newTenant();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 40, 100})
    void concurrentSubmitsFillTheQueueToTheQuotaAndNeverBeyond(int quota) throws Exception {
        limit("max_queued_jobs", quota);

        assertThat(submitAtOnce(12, 10)).isEqualTo(Math.min(quota, 120));
        assertThat(use().queuedJobs()).isEqualTo(Math.min(quota, 120)).isEqualTo(counted());
    }

    @Test
    void whoClaimsCancelsOrExpiresMakesRoomAndARequeueTakesIt() {
        limit("max_queued_jobs", 2);
        var first = LEDGER.submit(tenant);
        var second = LEDGER.submit(tenant);
        assertFull();

        var lease = LEDGER.claim(first, 1, "worker-1");
        var third = LEDGER.submit(tenant);
        LEDGER.jobs().cancel(tenant, second, "key:test");
        LEDGER.jobs().requeue(lease, TestLedger.STORE_DOWN);

        assertFull();
        LEDGER.jobs().cancel(tenant, third, "key:test");
        LEDGER.jobs().cancel(tenant, first, "key:test");
        assertThat(use().queuedJobs()).isZero().isEqualTo(counted());
    }

    @Test
    void jobThatIsUndoneTakesNoPlace() {
        limit("max_queued_jobs", 1);
        LEDGER.transaction().executeWithoutResult(status -> {
            LEDGER.submit(tenant);
            status.setRollbackOnly();
        });

        assertThat(use().queuedJobs()).isZero();
        LEDGER.submit(tenant);
        assertFull();
    }

    @Test
    void placesThatOthersFreedAreFoundWhereverTheyWereCounted() throws Exception {
        limit("max_queued_jobs", 48);
        for (int round = 0; round < 3; round++) {
            assertThat(submitAtOnce(8, 8)).isEqualTo(48);
            for (var job : LEDGER.strings("select id from job where tenant_id = ? and state = 'QUEUED'", tenant)) {
                LEDGER.jobs().cancel(tenant, UUID.fromString(job), "key:test");
            }
            assertThat(use().queuedJobs()).isZero();
        }
    }

    @Test
    void tokensOfTheDayStopSubmitsWhenTheyAreUsedUp() {
        limit("max_tokens_per_day", 137 * 2L);
        finishOne();
        finishOne();

        assertThat(use().tokensToday()).isEqualTo(274);
        assertThat(QuotaExceeded.in(catchThrowable(() -> LEDGER.submit(tenant))))
                .isEqualTo(Optional.of(QuotaExceeded.TOKENS_PER_DAY));
        LEDGER.bean(Usage.class).rollUp(1_000);
        assertThat(QuotaExceeded.in(catchThrowable(() -> LEDGER.submit(tenant))))
                .as("rolled up tokens count too")
                .isEqualTo(Optional.of(QuotaExceeded.TOKENS_PER_DAY));
    }

    @Test
    void storedBytesAreCountedWhenAFileIsReadyAndBounded() throws Exception {
        limit("max_stored_bytes", 250);
        var uploads = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 6; i++) {
            uploads.add(() -> {
                var id = LEDGER.bean(VideoLedger.class)
                        .begin(tenant, "key:test", "a.mp4")
                        .id();
                try {
                    return LEDGER.bean(VideoLedger.class)
                            .ready(tenant, id, facts(100))
                            .isPresent();
                } catch (RuntimeException e) {
                    assertThat(QuotaExceeded.in(e)).isEqualTo(Optional.of(QuotaExceeded.STORED_BYTES));
                    return false;
                }
            });
        }

        assertThat(succeeded(uploads, 6)).isEqualTo(2);
        assertThat(use().storedBytes()).isEqualTo(200);
        LEDGER.sql().update("update video set state = 'DELETED' where tenant_id = ? and state = 'READY'", tenant);
        assertThat(use().storedBytes()).isZero();
    }

    private void finishOne() {
        LEDGER.jobs().succeed(LEDGER.submitAndClaim(tenant), TestLedger.outcome("no"));
    }

    private void limit(String column, long most) {
        LEDGER.sql().update("update tenant set " + column + " = ? where id = ?", most, tenant);
    }

    private QuotaUse use() {
        return LEDGER.bean(Usage.class).now(tenant);
    }

    private long counted() {
        return LEDGER.strings("select id from job where tenant_id = ? and state = 'QUEUED'", tenant)
                .size();
    }

    private void assertFull() {
        assertThatThrownBy(() -> LEDGER.submit(tenant))
                .satisfies(e -> assertThat(QuotaExceeded.in(e)).isEqualTo(Optional.of(QuotaExceeded.QUEUED_JOBS)));
    }

    /** How many of threads × each were let in. */
    private int submitAtOnce(int threads, int each) throws Exception {
        var submits = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < threads * each; i++) {
            submits.add(() -> {
                try {
                    LEDGER.submit(tenant);
                    return true;
                } catch (RuntimeException e) {
                    assertThat(QuotaExceeded.in(e)).isEqualTo(Optional.of(QuotaExceeded.QUEUED_JOBS));
                    return false;
                }
            });
        }
        return succeeded(submits, threads);
    }

    private static int succeeded(ArrayList<Callable<Boolean>> tries, int threads) throws Exception {
        try (var pool = Executors.newFixedThreadPool(threads)) {
            int succeeded = 0;
            for (Future<Boolean> one : pool.invokeAll(tries)) {
                succeeded += one.get() ? 1 : 0;
            }
            return succeeded;
        }
    }

    private static VideoFacts facts(long bytes) {
        return new VideoFacts("VIDEO", "ab".repeat(32), bytes, "video/mp4", "mp4", "h264", 64, 48, 2, 24, 48);
    }
}
