package dev.saccade.api.webhooks;

import dev.saccade.api.egress.ForbiddenUrlException;
import dev.saccade.api.egress.GuardedClient;
import dev.saccade.ledger.webhooks.Deliveries;
import dev.saccade.ledger.webhooks.Deliveries.Outcome;
import dev.saccade.ledger.webhooks.DueDelivery;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, each message on a virtual thread of its own: a receiver that hangs holds a few of those until its time is
 * over, and nobody else's.
 */
final class WebhookSender {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);
    private static final int IN_FLIGHT = 64;
    private static final int IN_FLIGHT_EACH = 4;
    private static final int FORGOTTEN_AT_ONCE = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofHours(4);
    /** Beyond an attempt's own time: to record it. */
    private static final Duration RECORDING = Duration.ofSeconds(30);

    private final Deliveries ledger;
    private final SecretBox secrets;
    private final GuardedClient client;
    private final WebhookProperties properties;
    private final Clock clock;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final ConcurrentHashMap<UUID, Integer> inFlightEach = new ConcurrentHashMap<>();
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    WebhookSender(
            Deliveries ledger, SecretBox secrets, GuardedClient client, WebhookProperties properties, Clock clock) {
        this.ledger = ledger;
        this.secrets = secrets;
        this.client = client;
        this.properties = properties;
        this.clock = clock;
    }

    /** Messages that a receiver has taken, since the start. */
    long delivered() {
        return delivered.get();
    }

    /** Attempts that failed, since the start. */
    long failed() {
        return failed.get();
    }

    /** Begins to send what is due, and says whether there may be more that can be begun at once. */
    boolean send() {
        int free = IN_FLIGHT - inFlight.get();
        if (!secrets.hasKey() || free <= 0) {
            return false;
        }
        Set<UUID> busy = inFlightEach.entrySet().stream()
                .filter(receiver -> receiver.getValue() >= IN_FLIGHT_EACH)
                .map(java.util.Map.Entry::getKey)
                .collect(Collectors.toSet());
        var due = ledger.claim(free, IN_FLIGHT_EACH, busy, properties.timeout().plus(RECORDING));
        for (var delivery : due) {
            inFlight.incrementAndGet();
            inFlightEach.merge(delivery.webhookId(), 1, Integer::sum);
            Thread.ofVirtual().name("webhook").start(() -> send(delivery));
        }
        return due.isEmpty() && ledger.forget(properties.keep(), FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE
                || due.size() == free;
    }

    private void send(DueDelivery delivery) {
        try {
            Outcome outcome = attempt(delivery);
            (outcome.delivered() ? delivered : failed).incrementAndGet();
            ledger.attempted(
                    delivery,
                    outcome,
                    pause(delivery.attempt(), ThreadLocalRandom.current().nextDouble()),
                    properties.patience());
        } catch (RuntimeException unrecorded) {
            LOG.debug("An attempt could not be recorded; another follows when its claim is over", unrecorded);
        } finally {
            inFlight.decrementAndGet();
            inFlightEach.computeIfPresent(delivery.webhookId(), (id, count) -> count == 1 ? null : count - 1);
        }
    }

    private Outcome attempt(DueDelivery delivery) {
        long begun = System.nanoTime();
        WebhookMessage message = WebhookMessage.of(delivery);
        try {
            var headers = message.headers(clock.instant(), opened(delivery));
            int status = client.post(delivery.url(), headers, message.body());
            return new Outcome(millisSince(begun), status, null);
        } catch (GeneralSecurityException sealed) {
            LOG.warn("A webhook's secret can't be read: saccade.webhooks.key is not the one it was sealed with");
            return new Outcome(millisSince(begun), null, "secret-unreadable");
        } catch (ForbiddenUrlException forbidden) {
            return new Outcome(millisSince(begun), null, "address-forbidden");
        } catch (InterruptedIOException late) {
            return new Outcome(millisSince(begun), null, "timeout");
        } catch (SSLException tls) {
            return new Outcome(millisSince(begun), null, "tls-failed");
        } catch (IOException | RuntimeException unreachable) {
            return new Outcome(millisSince(begun), null, "unreachable");
        }
    }

    private List<byte[]> opened(DueDelivery delivery) throws GeneralSecurityException {
        List<byte[]> opened = new ArrayList<>();
        for (byte[] sealed : delivery.secrets()) {
            opened.add(secrets.open(delivery.webhookId(), sealed));
        }
        return opened;
    }

    /** @param luck from 0 to 1: spreads what failed together over half a pause more or less */
    Duration pause(int attempt, double luck) {
        double longest = LONGEST_PAUSE.toMillis();
        double pause = Math.min(longest, properties.firstPause().toMillis() * Math.pow(3, Math.min(attempt, 20) - 1.0));
        return Duration.ofMillis((long) (pause * (0.5 + luck)));
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
