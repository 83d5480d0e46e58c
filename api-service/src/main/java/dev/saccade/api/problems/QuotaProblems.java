package dev.saccade.api.problems;

import dev.saccade.ledger.usage.QuotaExceeded;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What a client is told whose job or file would exceed a quota of its tenant's, or the queue's bound. */
final class QuotaProblems {

    private static final Duration QUEUE_DRAINS = Duration.ofSeconds(10);

    private QuotaProblems() {}

    static ProblemException of(QuotaExceeded quota) {
        return switch (quota) {
            case QUEUED_JOBS ->
                new ProblemException(
                                429,
                                "queued-jobs-quota",
                                "As many jobs of your tenant wait as may. Submit again when some have been taken.")
                        .retryAfter(QUEUE_DRAINS);
            case TOKENS_PER_DAY ->
                new ProblemException(
                                429,
                                "tokens-quota",
                                "Your tenant's tokens for today are used up. Submit again after midnight (UTC), or ask for"
                                        + " a larger quota.")
                        .retryAfter(untilMidnight(Clock.systemUTC()));
            case STORED_BYTES ->
                new ProblemException(
                        403,
                        "stored-bytes-quota",
                        "Your tenant has no room for this file. Delete media that you don't need, or ask for a larger quota.");
        };
    }

    static ProblemException queueFull() {
        return new ProblemException(
                        429,
                        "queue-full",
                        "As many jobs wait as this installation takes in. Submit again when some have been taken.")
                .retryAfter(QUEUE_DRAINS);
    }

    private static Duration untilMidnight(Clock clock) {
        var tomorrow = LocalDate.now(clock).plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        return Duration.between(clock.instant(), tomorrow);
    }
}
