package dev.saccade.api.outbox;

import dev.saccade.ledger.messages.JobQueues;
import dev.saccade.ledger.outbox.OutboxRow;
import dev.saccade.ledger.tracing.CurrentTrace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.core.MessageProperties;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Publishes hints and tells which of them the broker has taken into a queue. */
final class HintPublisher {

    private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(10);

    private final RabbitTemplate template;

    /** @param template with mandatory publishing, on connections with correlated confirms and returns */
    HintPublisher(RabbitTemplate template) {
        this.template = template;
    }

    /**
     * What became of a batch.
     *
     * @param confirmed rows that the broker confirmed and did not return
     * @param failure why others were not; null where all were
     */
    record Outcome(List<UUID> confirmed, @Nullable String failure) {}

    Outcome publish(List<OutboxRow> rows) throws InterruptedException {
        Map<UUID, CorrelationData> sent = new LinkedHashMap<>();
        String failure = null;
        try {
            for (OutboxRow row : rows) {
                CorrelationData correlation = new CorrelationData(row.id().toString());
                template.send(JobQueues.EXCHANGE, row.routingKey(), message(row), correlation);
                sent.put(row.id(), correlation);
            }
        } catch (AmqpException unreachable) {
            failure = "the broker can't be reached (" + unreachable.getMessage() + ")";
        }
        List<UUID> confirmed = new ArrayList<>();
        long deadline = System.nanoTime() + CONFIRM_TIMEOUT.toNanos();
        for (Map.Entry<UUID, CorrelationData> entry : sent.entrySet()) {
            String refusal = refusal(entry.getValue(), deadline);
            if (refusal == null) {
                confirmed.add(entry.getKey());
            } else {
                failure = refusal;
            }
        }
        return new Outcome(confirmed, failure);
    }

    private static @Nullable String refusal(CorrelationData correlation, long deadline) throws InterruptedException {
        try {
            CorrelationData.Confirm confirm =
                    correlation.getFuture().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            // A return arrives before its confirm: the queue is missing, and an unroutable hint is lost.
            if (correlation.getReturned() != null) {
                return "the broker returned a hint: its queue is missing";
            }
            return confirm.ack() ? null : "the broker refused a hint (" + confirm.reason() + ")";
        } catch (TimeoutException late) {
            return "the broker did not confirm in " + CONFIRM_TIMEOUT.toSeconds() + " s";
        } catch (ExecutionException failed) {
            return "the broker's confirm failed (" + failed.getCause() + ")";
        }
    }

    private static Message message(OutboxRow row) {
        var message = MessageBuilder.withBody(row.payload().getBytes(StandardCharsets.UTF_8))
                .setContentType(MessageProperties.CONTENT_TYPE_JSON)
                .setContentEncoding(StandardCharsets.UTF_8.name())
                .setDeliveryMode(MessageDeliveryMode.PERSISTENT)
                .setMessageId(row.id().toString());
        if (row.traceparent() != null) {
            message.setHeader(CurrentTrace.HEADER, row.traceparent());
        }
        return message.build();
    }
}
