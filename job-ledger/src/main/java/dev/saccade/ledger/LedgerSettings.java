package dev.saccade.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties below {@code saccade.ledger}.
 *
 * @param maxAttempts attempts that a job may cost before it is FAILED with {@code attempts-exhausted}
 * @param rehintAfter how long a queued job waits before its hint is published again; doubles with every further hint, up to 32 times
 * @param maxQueuedJobs jobs of all tenants that may wait; more are refused until some have been taken
 */
@ConfigurationProperties("saccade.ledger")
public record LedgerSettings(
        @DefaultValue("3") int maxAttempts,
        @DefaultValue("5m") Duration rehintAfter,
        @DefaultValue("1000000") long maxQueuedJobs) {

    public LedgerSettings {
        if (maxAttempts < 1 || maxAttempts > 100) {
            throw new IllegalArgumentException("saccade.ledger.max-attempts must lie between 1 and 100.");
        }
        if (!rehintAfter.isPositive()) {
            throw new IllegalArgumentException("saccade.ledger.rehint-after must be positive.");
        }
        if (maxQueuedJobs < 1) {
            throw new IllegalArgumentException("saccade.ledger.max-queued-jobs must be 1 or more.");
        }
    }
}
