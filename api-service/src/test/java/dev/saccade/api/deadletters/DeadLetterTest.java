package dev.saccade.api.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.deadletters.DeadLetters;
import dev.saccade.ledger.messages.JobHint;
import dev.saccade.ledger.messages.JobQueues;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.MessageBuilder;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** On the embedded broker, with a queue as RabbitMQ's dead letters have it; {@code SurvivalTest} has the real ones. */
final class DeadLetterTest {

    private final RunningApi api = RunningApi.get();
    private final RabbitTemplate rabbit = api.bean(RabbitTemplate.class);
    private final DeadLetterCollector collector = new DeadLetterCollector(rabbit, api.bean(DeadLetters.class));
    private final Client platform = api.client(RunningApi.BOOTSTRAP_KEY);
    private final Client client = api.newTenant();

    @BeforeEach
    void declareQueue() {
        api.bean(AmqpAdmin.class).declareQueue(new Queue(JobQueues.DEAD));
    }

    @Test
    void deadHintOfAWaitingJobIsShownAndItsJobAnnouncedAgain() {
        String job = submitted();
        die(new JobHint(id(job), 1).toJson(), UUID.randomUUID());

        JsonNode letter = letterOf(job);
        assertThat(letter.at("/reason").asString()).isEqualTo("rejected");
        assertThat(letter.at("/queue").asString()).isEqualTo("saccade.jobs.standard");
        assertThat(letter.at("/job_state").asString()).isEqualTo("queued");
        assertThat(letter.at("/tenant").asString()).startsWith("ten_");

        Answer requeued =
                platform.method("POST", "/v1/dead-letters/" + letter.at("/id").asString() + "/requeue");

        assertThat(requeued.status()).isEqualTo(202);
        assertThat(requeued.text("/requeued_by")).isEqualTo("platform:key:bootstrap");
        assertThat(hints(job)).isEqualTo(2);
        await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> client.get("/v1/audit?subject=" + job).json().toString(),
                        log -> log.contains("job.hinted_again"));
    }

    @Test
    void messageThatIsReadTwiceIsKeptOnce() {
        String job = submitted();
        UUID message = UUID.randomUUID();
        die(new JobHint(id(job), 1).toJson(), message);
        die(new JobHint(id(job), 1).toJson(), message);

        assertThat(count("select count(*) from dead_letter where job_id = ?", id(job)))
                .isEqualTo(1);
    }

    @Test
    void whatIsFinishedOrNoHintIsNotAnnounced() {
        String job = submitted();
        die(new JobHint(id(job), 1).toJson(), UUID.randomUUID());
        client.cancel(job);
        assertThat(requeue(letterOf(job)).text("/code")).isEqualTo("job-not-waiting");

        die("{\"jobId\":\"' or true --\"}", UUID.randomUUID());
        JsonNode newest = platform.get("/v1/dead-letters?limit=1").json().at("/data/0");
        assertThat(newest.has("job_id")).isFalse();
        assertThat(newest.toString()).doesNotContain("or true");
        assertThat(requeue(newest).text("/code")).isEqualTo("no-job");

        assertThat(platform.method("POST", "/v1/dead-letters/dlt_" + UUID.randomUUID() + "/requeue")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void deadLettersAreReadInPages() {
        die("one", UUID.randomUUID());
        die("two", UUID.randomUUID());

        Answer first = platform.get("/v1/dead-letters?limit=1");
        Answer second = platform.get("/v1/dead-letters?limit=1&after=" + first.text("/next_cursor"));

        assertThat(first.json().at("/has_more").asBoolean()).isTrue();
        assertThat(second.text("/data/0/id")).isNotEmpty().isLessThan(first.text("/data/0/id"));
    }

    @Test
    void tenantsAdministratorSeesNone() {
        assertThat(client.get("/v1/dead-letters").status()).isEqualTo(403);
        assertThat(client.method("POST", "/v1/dead-letters/dlt_" + UUID.randomUUID() + "/requeue")
                        .status())
                .isEqualTo(403);
    }

    private void die(String body, UUID message) {
        rabbit.send(
                "",
                JobQueues.DEAD,
                MessageBuilder.withBody(body.getBytes(StandardCharsets.UTF_8))
                        .setMessageId(message.toString())
                        .setHeader("x-first-death-queue", "saccade.jobs.standard")
                        .setHeader("x-first-death-reason", "rejected")
                        .build());
        long before = letters();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            collector.collect();
            return letters() > before || known(message);
        });
    }

    private long letters() {
        return count("select count(*) from dead_letter");
    }

    private boolean known(UUID message) {
        return count("select count(*) from dead_letter where message_id = ?", message) == 1;
    }

    private long count(String sql, Object... parameters) {
        return Objects.requireNonNull(api.bean(JdbcTemplate.class).queryForObject(sql, Long.class, parameters));
    }

    private JsonNode letterOf(String job) {
        for (JsonNode letter : platform.get("/v1/dead-letters?limit=100").json().at("/data")) {
            if (letter.at("/job_id").asString("").equals(job)) {
                return letter;
            }
        }
        throw new AssertionError("There is no dead letter of " + job);
    }

    private Answer requeue(JsonNode letter) {
        return platform.method("POST", "/v1/dead-letters/" + letter.at("/id").asString() + "/requeue");
    }

    private String submitted() {
        return client.post("/v1/jobs", "{\"question\": \"Is it safe?\"}").text("/id");
    }

    private long hints(String job) {
        return count("select hint_count from job where id = ?", id(job));
    }

    private static UUID id(String job) {
        return ExternalId.JOB.parse(job).orElseThrow();
    }
}
