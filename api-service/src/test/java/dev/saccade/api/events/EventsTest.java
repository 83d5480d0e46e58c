package dev.saccade.api.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.events.JobEvents;
import dev.saccade.ledger.events.LiveExchange;
import dev.saccade.ledger.events.LiveMessage;
import dev.saccade.ledger.jobs.ClaimOutcome;
import dev.saccade.ledger.jobs.JobError;
import dev.saccade.ledger.jobs.JobLedger;
import dev.saccade.ledger.jobs.JobOutcome;
import dev.saccade.ledger.jobs.JobProgress;
import dev.saccade.ledger.jobs.Lease;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Timings;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Role;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** Streams over HTTP, with the test in the worker's place. */
final class EventsTest {

    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final String TEXT = "<think>It is clear.</think>\n\n<answer>\nYes.\n</answer>";

    private final RunningApi api = RunningApi.get();
    private final JobLedger ledger = api.bean(JobLedger.class);
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());

    @Test
    void streamTellsStatesProgressAndTextAndEndsWithTheResult() {
        String id = submitted();
        try (var listener = Listener.to(client, id)) {
            soon().until(() -> listener.states().equals(List.of("queued")));
            Lease lease = claimed(id, 1);
            untilHeard(listener, lease);
            soon().until(() -> listener.states().equals(List.of("queued", "running")));
            tell(lease, "generating", 0, "<think>It is ");
            tell(lease, "generating", 13, "clear.</think>\n\n<answer>\nY");
            soon().until(() -> listener.text(0, "").equals("<think>It is clear.</think>\n\n<answer>\nY"));
            ledger.succeed(lease, outcome());
            ended(lease);
            soon().until(listener::hasEnded);

            assertThat(listener.response().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(listener.states()).containsExactly("queued", "running", "succeeded");
            assertThat(listener.events("progress"))
                    .extracting(event -> event.data().path("phase").asString())
                    .contains("reading", "generating");
            assertThat(listener.text(0, "")).isEqualTo(TEXT);
            assertThat(part(listener, "reasoning")).isEqualTo("It is clear.");
            assertThat(part(listener, "answer")).isEqualTo("\nYes.\n");
            var last = listener.events().getLast();
            assertThat(last.name()).isEqualTo("result");
            assertThat(last.data()).isEqualTo(client.get("/v1/jobs/" + id).json());
        }
    }

    @Test
    void clientThatReconnectsGetsTheRestAndNothingTwice() {
        String id = submitted();
        Lease lease = claimed(id, 1);
        String seen;
        String lastId;
        try (var listener = Listener.to(client, id)) {
            soon().until(() -> listener.states().contains("running"));
            untilHeard(listener, lease);
            tell(lease, "generating", 0, "<think>It is");
            soon().until(() -> listener.text(0, "").equals("<think>It is"));
            seen = listener.text(0, "");
            lastId = listener.lastId();
        }
        ledger.heartbeat(lease, new JobProgress("generating", 5, 64, 5, "<think>It is clear.</th"), LEASE);

        try (var listener = Listener.from(client, id, lastId)) {
            soon().until(() -> listener.text(0, seen).startsWith("<think>It is clear."));
            ledger.succeed(lease, outcome());
            soon().until(listener::hasEnded);

            assertThat(listener.states()).containsExactly("succeeded");
            assertThat(listener.text(0, seen)).isEqualTo(TEXT);
            assertThat(listener.events("result")).hasSize(1);
            assertThat(client.get("/v1/jobs/" + id + "/events", "Last-Event-ID", listener.lastId())
                            .status())
                    .as("a browser stops at 204")
                    .isEqualTo(204);
        }
    }

    @Test
    void anotherInstanceGoesOnWhereTheFirstStopped() {
        String id = submitted();
        Lease lease = claimed(id, 1);
        try (var listener = Listener.to(client, id);
                var other = new OtherInstance()) {
            soon().until(() -> listener.states().contains("running"));
            untilHeard(listener, lease);
            tell(lease, "generating", 0, "<think>It ");
            soon().until(() -> listener.text(0, "").equals("<think>It "));
            var written = other.open(
                    lease.jobId(), StreamPosition.parse(listener.lastId()).orElseThrow());
            // began before that instance listened, so its first piece doesn't join up until the heartbeat
            tell(lease, "generating", 16, "r.");
            ledger.heartbeat(lease, new JobProgress("generating", 5, 64, 5, "<think>It is clea"), LEASE);
            soon().until(() -> String.join("", written).contains("\"offset\":10,\"text\":\"is clea"));
            ledger.succeed(lease, outcome());
            soon().until(() -> String.join("", written).contains("event: result"));

            assertThat(String.join("", written))
                    .doesNotContain("\"text\":\"It ")
                    .doesNotContain("\"queued\"");
        }
    }

    @Test
    void everyAnswerOfAJobThatAsksForSeveralHasItsOwnText() {
        String id = submitted();
        Lease lease = claimed(id, 1);
        try (var listener = Listener.to(client, id)) {
            soon().until(() -> listener.states().contains("running"));
            untilHeard(listener, lease);
            send(new LiveMessage(
                    lease.jobId(),
                    1,
                    "generating",
                    2,
                    64,
                    2,
                    List.of(new LiveMessage.Piece(0, 0, "red"), new LiveMessage.Piece(1, 0, "green")),
                    false));
            soon().until(() -> listener.text(1, "").equals("green"));

            assertThat(listener.text(0, "")).isEqualTo("red");
            assertThat(listener.lastId()).isEqualTo("1-3.5");
        }
    }

    @Test
    void furtherAttemptWritesItsTextAnew() {
        String id = submitted();
        Lease lease = claimed(id, 1);
        try (var listener = Listener.to(client, id)) {
            soon().until(() -> listener.states().contains("running"));
            untilHeard(listener, lease);
            tell(lease, "generating", 0, "half");
            soon().until(() -> listener.text(0, "").equals("half"));
            ledger.requeue(lease, new JobError("store-unreachable", "The store did not answer."));
            Lease second = claimed(id, 2);
            tell(second, "generating", 0, "another");
            soon().until(() -> listener.text(0, "").equals("another"));

            assertThat(listener.states()).containsExactly("queued", "running", "queued", "running");
            assertThat(listener.events("state").get(2).data().at("/error/code").asString())
                    .isEqualTo("store-unreachable");
        }
    }

    @Test
    void withoutAnyWordFromTheBrokerStatesAndTextComeFromTheDatabase() {
        String id = submitted();
        try (var listener = Listener.to(client, id)) {
            soon().until(() -> listener.states().equals(List.of("queued")));
            Lease lease = claimed(id, 1);
            soon().until(() -> listener.states().equals(List.of("queued", "running")));
            ledger.heartbeat(lease, new JobProgress("generating", 1, 64, 1, "Yes"), LEASE);
            soon().until(() -> listener.text(0, "").equals("Yes"));
            ledger.fail(lease, new JobError("prompt-too-long", "Shorten it."));
            soon().until(listener::hasEnded);

            assertThat(listener.states()).containsExactly("queued", "running", "failed");
            assertThat(listener.events("state")
                            .getLast()
                            .data()
                            .at("/error/code")
                            .asString())
                    .isEqualTo("prompt-too-long");
        }
    }

    @Test
    void cancelledJobEndsItsStream() {
        String id = submitted();
        try (var listener = Listener.to(client, id)) {
            client.cancel(id);
            soon().until(listener::hasEnded);

            assertThat(listener.states()).containsExactly("queued", "cancelled");
        }
    }

    @Test
    void jobOfAnotherTenantHasNoStream() {
        String id = submitted();

        assertThat(api.newTenant().get("/v1/jobs/" + id + "/events").status()).isEqualTo(404);
        assertThat(client.get("/v1/jobs/job_0/events").status()).isEqualTo(404);
    }

    @Test
    void idThatNoStreamGaveIsRefused() {
        Answer answer = client.get("/v1/jobs/" + submitted() + "/events", "Last-Event-ID", "1'; drop table job");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("/type")).endsWith("invalid-parameter");
    }

    @Test
    void streamEndsWhenItsKeyIsRevoked() {
        String id = submitted();
        var keys = api.bean(ApiKeys.class);
        String secret = keys.issue(tenant, "short-lived", Role.VIEWER.scopes());
        Caller caller = keys.authenticate(secret).orElseThrow();
        try (var listener = Listener.to(api.client(secret), id)) {
            soon().until(() -> listener.states().equals(List.of("queued")));
            keys.revoke(tenant, Objects.requireNonNull(caller.keyId()), "test");
            soon().until(listener::hasEnded);

            assertThat(listener.comments().getLast()).startsWith("this API key is no longer in force");
        }
    }

    @Test
    void silentStreamSendsHeartbeats() {
        try (var listener = Listener.to(client, submitted())) {
            soon().until(() ->
                    listener.comments().stream().filter("heartbeat"::equals).count() >= 2);
        }
    }

    @Test
    void clientThatLeftIsForgotten() {
        var streams = api.bean(EventStreams.class);
        String id = submitted();
        int before;
        try (var listener = Listener.to(client, id)) {
            soon().until(() -> listener.states().equals(List.of("queued")));
            before = streams.size();
        }
        soon().until(() -> streams.size() < before);
    }

    private String submitted() {
        return client.post("/v1/jobs", "{\"question\": \"Is the road clear?\"}").text("/id");
    }

    private Lease claimed(String id, int attempt) {
        UUID job = ExternalId.JOB.parse(id).orElseThrow();
        return switch (ledger.claim(job, attempt, "test-worker", LEASE)) {
            case ClaimOutcome.Claimed claimed -> claimed.lease();
            case ClaimOutcome.NotClaimable not -> throw new AssertionError(not.reason());
        };
    }

    /** On a busy machine the stream's queue may not be bound yet, and what is told before that is lost. */
    private void untilHeard(Listener listener, Lease lease) {
        soon().until(() -> {
            tell(lease, "reading", 0, "");
            return !listener.events("progress").isEmpty();
        });
    }

    private void tell(Lease lease, String phase, int offset, String text) {
        send(new LiveMessage(
                lease.jobId(),
                lease.attempt(),
                phase,
                offset,
                64,
                offset,
                text.isEmpty() ? List.of() : List.of(new LiveMessage.Piece(0, offset, text)),
                false));
    }

    private void ended(Lease lease) {
        send(new LiveMessage(lease.jobId(), lease.attempt(), "generating", 9, 64, 9, List.of(), true));
    }

    private void send(LiveMessage message) {
        api.bean(RabbitTemplate.class)
                .convertAndSend(LiveExchange.NAME, LiveExchange.routingKey(message.jobId()), message.toBytes());
    }

    private static String part(Listener listener, String part) {
        return listener.events("text").stream()
                .filter(event -> event.data().path("part").asString().equals(part))
                .map(event -> event.data().path("text").asString())
                .reduce("", String::concat);
    }

    private static JobOutcome outcome() {
        return new JobOutcome(
                TEXT,
                "It is clear.",
                "Yes.",
                "stop",
                11,
                7,
                0,
                42,
                Sampling.DEFAULT,
                List.of(),
                new Timings(1, 1, 1, 1, 1, 1, 1),
                List.of(),
                "demo",
                "f".repeat(64),
                "test");
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    /** What another API instance has of its own: queue, feeds, streams. Database and broker are the same. */
    private final class OtherInstance implements AutoCloseable {

        private final Executor threads = task -> Thread.ofVirtual().start(task);
        private final EventsProperties settings = api.bean(EventsProperties.class);
        private final JobFeeds feeds = new JobFeeds(
                ledger, api.bean(JobEvents.class), api.bean(ConnectionFactory.class), threads, Duration.ofSeconds(1));
        private final EventStreams streams = new EventStreams(feeds, api.bean(JobEvents.class), threads, settings);

        OtherInstance() {
            streams.start();
        }

        List<String> open(UUID job, StreamPosition position) {
            var written = new CopyOnWriteArrayList<String>();
            var caller = new Caller(tenant, null, "test", Role.ADMIN.scopes());
            streams.open(caller, job, position, new JobEventFormat(), gone -> new Outlet() {
                @Override
                public void write(String text) {
                    written.add(text);
                }

                @Override
                public void close() {}
            });
            return written;
        }

        @Override
        public void close() {
            streams.stop();
        }
    }
}
