package dev.saccade.api.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.saccade.api.problems.ProblemException;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.RequestLimiter;
import dev.saccade.ledger.tenants.RequestLimiter.Taken;
import dev.saccade.ledger.tenants.TenantView;
import dev.saccade.ledger.tenants.Tenants;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Refuses requests of a tenant beyond its limit, and tells each how much is left. */
final class RequestLimits {

    private static final Duration LIMIT_KNOWN_FOR = Duration.ofSeconds(5);
    private static final int MOST_TENANTS = 10_000;

    private final RequestLimiter limiter;
    private final Tenants tenants;
    private final Cache<UUID, Optional<Long>> limits = Caffeine.newBuilder()
            .maximumSize(MOST_TENANTS)
            .expireAfterWrite(LIMIT_KNOWN_FOR)
            .build();

    RequestLimits(RequestLimiter limiter, Tenants tenants) {
        this.limiter = limiter;
        this.tenants = tenants;
    }

    /** @throws ProblemException 429, with the time to wait */
    void admit(Caller caller, HttpServletResponse response) {
        Optional<Long> limit = limits.getIfPresent(caller.tenantId());
        if (limit == null) {
            limit = tenants.find(caller.tenantId())
                    .map(TenantView::limits)
                    .flatMap(all -> Optional.ofNullable(all.requestsPerMinute()));
            limits.put(caller.tenantId(), limit);
        }
        limit.ifPresent(perMinute -> admit(caller, perMinute, response));
    }

    private void admit(Caller caller, long perMinute, HttpServletResponse response) {
        Taken taken = limiter.take(caller.tenantId(), perMinute);
        String policy = "\"requests\";q=" + perMinute + ";w=" + RequestLimiter.WINDOW.toSeconds();
        long seconds = seconds(taken.retryAfter());
        String state = "\"requests\";r=" + taken.remaining() + ";t="
                + (taken.allowed() ? secondsToFull(taken, perMinute) : seconds);
        if (!taken.allowed()) {
            throw new ProblemException(
                            429,
                            "too-many-requests",
                            "Your tenant has sent more than " + perMinute + " requests a minute. Wait for " + seconds
                                    + " s, then go on more slowly; poll no sooner than Retry-After says.")
                    .header("Retry-After", Long.toString(seconds))
                    .header("RateLimit-Policy", policy)
                    .header("RateLimit", state);
        }
        response.setHeader("RateLimit-Policy", policy);
        response.setHeader("RateLimit", state);
    }

    private static long secondsToFull(Taken taken, long perMinute) {
        return Math.ceilDiv((perMinute - taken.remaining()) * RequestLimiter.WINDOW.toSeconds(), perMinute);
    }

    private static long seconds(Duration wait) {
        return Math.max(1, Math.ceilDiv(wait.toMillis(), 1000L));
    }
}
