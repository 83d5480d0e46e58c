package dev.saccade.api.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.messages.JobQueues;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.core.MessageDeliveryMode;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.jdbc.core.JdbcTemplate;

final class OutboxRelayTest {

    private static final String QUEUE = JobQueues.queue(Urgency.BATCH);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningApi api = RunningApi.get();
    private final RabbitTemplate rabbit = api.bean(RabbitTemplate.class);
    private final JdbcTemplate database = api.bean(JdbcTemplate.class);
    private final Client client = api.newTenant();

    @BeforeEach
    void emptyQueue() {
        hints();
    }

    @Test
    void submittedJobIsHintedToItsQueue() {
        UUID job = submitted();

        List<Message> received = received(1);

        assertThat(hint(received.getFirst())).isEqualTo(new JobHint(job, 1));
        assertThat(received.getFirst().getMessageProperties().getReceivedDeliveryMode())
                .isEqualTo(MessageDeliveryMode.PERSISTENT);
        await().atMost(PATIENCE).until(() -> published(job));
    }

    @Test
    void jobsSubmittedWhileTheBrokerIsDownAreHintedWhenItIsBack() {
        api.broker().stop();
        List<UUID> jobs = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                jobs.add(submitted());
            }
            assertThat(jobs).noneMatch(this::published);
        } finally {
            api.broker().start();
        }

        assertThat(received(3)).map(message -> hint(message).jobId()).containsExactlyInAnyOrderElementsOf(jobs);
        await().atMost(PATIENCE).until(() -> jobs.stream().allMatch(this::published));
        assertThat(hints()).isEmpty();
    }

    @Test
    void hintThatNoQueueTakesStaysInTheOutbox() {
        AmqpAdmin admin = api.bean(AmqpAdmin.class);
        admin.deleteQueue(QUEUE);
        UUID job;
        try {
            job = submitted();
            relayed();
            relayed();
            assertThat(published(job)).isFalse();
        } finally {
            admin.initialize();
        }

        assertThat(received(1)).map(message -> hint(message).jobId()).containsExactly(job);
    }

    /** Another job's hint, of another urgency, shows that the relay has gone round. */
    private void relayed() {
        UUID other = submit("standard");
        await().atMost(PATIENCE).until(() -> published(other));
    }

    private UUID submitted() {
        return submit("batch");
    }

    private UUID submit(String priority) {
        Answer answer = client.post("/v1/jobs", "{\"question\":\"Why?\",\"priority\":\"" + priority + "\"}");
        assertThat(answer.status()).isEqualTo(202);
        return ExternalId.JOB.parse(answer.text("/id")).orElseThrow();
    }

    private boolean published(UUID job) {
        return database.queryForList("select id from outbox where job_id = ?", job)
                .isEmpty();
    }

    private List<Message> received(int count) {
        List<Message> received = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            received.addAll(hints());
            return received.size() >= count;
        });
        return received;
    }

    private List<Message> hints() {
        List<Message> hints = new ArrayList<>();
        try {
            Message message = rabbit.receive(QUEUE);
            while (message != null) {
                hints.add(message);
                message = rabbit.receive(QUEUE);
            }
        } catch (AmqpException notYet) {
            assertThat(notYet).isNotNull();
        }
        return hints;
    }

    private static JobHint hint(Message message) {
        return JobHint.parse(new String(message.getBody(), StandardCharsets.UTF_8))
                .orElseThrow();
    }
}
