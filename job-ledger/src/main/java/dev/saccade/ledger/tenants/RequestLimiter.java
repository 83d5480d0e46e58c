package dev.saccade.ledger.tenants;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Requests a minute for each tenant, over all instances together: a token bucket in PostgreSQL, from which each instance takes
 * tokens in small batches, so that most requests ask nobody. What isn't used of a batch within a second is lost; so a tenant
 * never gets more than its limit, and close to it a little less.
 */
public final class RequestLimiter {

    /** The window that limits are given for. */
    public static final Duration WINDOW = Duration.ofMinutes(1);

    /** A batch lasts for so long at the full rate. */
    private static final Duration BATCH = Duration.ofMillis(50);

    private static final Duration BATCH_LIFE = Duration.ofSeconds(1);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
    private static final int MOST_TENANTS = 10_000;

    private final PostgreSQLSelectForUpdateBasedProxyManager<String> buckets;
    private final Cache<String, Share> shares = Caffeine.newBuilder()
            .maximumSize(MOST_TENANTS)
            .expireAfterAccess(WINDOW)
            .build();

    RequestLimiter(DataSource database) {
        buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .primaryKeyMapper(PrimaryKeyMapper.STRING)
                .table("rate_bucket")
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(WINDOW))
                .build();
    }

    /**
     * Takes one request's token.
     *
     * @param perMinute the tenant's limit; another limit begins with a full bucket
     */
    public Taken take(UUID tenantId, long perMinute) {
        // its limit is a part of its name: a bucket keeps the limit that it was made with
        String name = tenantId + "/" + perMinute;
        return shares.get(name, key -> new Share(bucket(key, perMinute), perMinute))
                .take();
    }

    /** Deletes buckets that nobody has used for a while; returns how many, {@code limit} at most. */
    public int forget(int limit) {
        return buckets.removeExpired(limit);
    }

    private BucketProxy bucket(String name, long perMinute) {
        var configuration = BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
                .build();
        return buckets.builder().build(name, () -> configuration);
    }

    /**
     * The outcome of a take.
     *
     * @param allowed whether the request may go on
     * @param remaining tokens that are left, as far as this instance knows
     * @param retryAfter until there is a token again; zero where there is
     */
    public record Taken(boolean allowed, long remaining, Duration retryAfter) {}

    /** What this instance has taken of one bucket. */
    private static final class Share {

        private final BucketProxy bucket;
        private final long batch;
        private long tokens;
        private long left;
        private long takenAt;
        private long closedUntil;
        private boolean closed;

        Share(BucketProxy bucket, long perMinute) {
            this.bucket = bucket;
            batch = Math.max(1, perMinute * BATCH.toMillis() / WINDOW.toMillis());
        }

        synchronized Taken take() {
            long now = System.nanoTime();
            if (closed && now - closedUntil < 0) {
                return new Taken(false, 0, Duration.ofNanos(closedUntil - now));
            }
            closed = false;
            if (tokens > 0 && now - takenAt > BATCH_LIFE.toNanos()) {
                tokens = 0;
            }
            if (tokens == 0) {
                var probe = bucket.tryConsumeAndReturnRemaining(batch);
                if (!probe.isConsumed() && probe.getRemainingTokens() > 0) {
                    return takeOne();
                }
                if (!probe.isConsumed()) {
                    return close(now, bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
                }
                tokens = batch;
                left = probe.getRemainingTokens();
                takenAt = now;
            }
            tokens--;
            return new Taken(true, left + tokens, Duration.ZERO);
        }

        /** Fewer are left than a batch. */
        private Taken takeOne() {
            var probe = bucket.tryConsumeAndReturnRemaining(1);
            return probe.isConsumed()
                    ? new Taken(true, probe.getRemainingTokens(), Duration.ZERO)
                    : close(System.nanoTime(), probe.getNanosToWaitForRefill());
        }

        /** A tenant that is over its limit and goes on asking costs nobody else anything. */
        private Taken close(long now, long waitNanos) {
            closed = true;
            closedUntil = now + Math.min(waitNanos, LONGEST_SILENCE.toNanos());
            return new Taken(false, 0, Duration.ofNanos(waitNanos));
        }
    }
}
