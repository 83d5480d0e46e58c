package dev.saccade.api.deadletters;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import dev.saccade.ledger.deadletters.DeadLetters;
import dev.saccade.ledger.deadletters.DeadMessage;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.messages.JobQueues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Moves the broker's dead letters into the database, where they can be seen without being taken. */
final class DeadLetterCollector {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCollector.class);
    private static final int BATCH = 100;
    private static final Duration KEEP = Duration.ofDays(30);
    /** No hint is so long. */
    private static final int LONGEST_HINT = 1_000;

    private final RabbitTemplate template;
    private final DeadLetters letters;

    DeadLetterCollector(RabbitTemplate template, DeadLetters letters) {
        this.template = template;
        this.letters = letters;
    }

    /** One round; says whether there is more to do at once. */
    boolean collect() {
        letters.prune(KEEP, 1_000); // first, so that no message is touched while the database is away
        return Boolean.TRUE.equals(template.execute(this::collect));
    }

    private boolean collect(Channel channel) throws IOException {
        List<DeadMessage> found = new ArrayList<>();
        long last = 0;
        GetResponse got = channel.basicGet(JobQueues.DEAD, false);
        while (got != null) {
            found.add(message(got));
            last = got.getEnvelope().getDeliveryTag();
            got = found.size() < BATCH ? channel.basicGet(JobQueues.DEAD, false) : null;
        }
        if (found.isEmpty()) {
            return false;
        }
        try {
            letters.keep(found);
        } catch (RuntimeException failure) {
            channel.basicNack(last, true, true);
            throw failure;
        }
        channel.basicAck(last, true);
        LOG.warn("{} messages were given up by the broker: see GET /v1/dead-letters", found.size());
        return found.size() == BATCH;
    }

    private static DeadMessage message(GetResponse got) {
        byte[] body = got.getBody();
        JobHint hint = body.length > LONGEST_HINT
                ? null
                : JobHint.parse(new String(body, StandardCharsets.UTF_8)).orElse(null);
        Map<String, Object> headers = got.getProps().getHeaders();
        return new DeadMessage(
                id(got.getProps().getMessageId()),
                hint,
                header(headers, "x-first-death-queue"),
                header(headers, "x-first-death-reason"),
                body.length);
    }

    private static String header(@Nullable Map<String, Object> headers, String name) {
        Object value = headers == null ? null : headers.get(name);
        return value == null ? "unknown" : value.toString();
    }

    private static @Nullable UUID id(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException noneOfOurs) {
            return null;
        }
    }
}
