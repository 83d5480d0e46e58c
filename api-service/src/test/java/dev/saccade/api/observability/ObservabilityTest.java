package dev.saccade.api.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class ObservabilityTest {

    private final RunningApi api = RunningApi.get();

    @Test
    void relayQueueAndStreamsAreMeasured() {
        var registry = api.bean(MeterRegistry.class);
        api.newTenant().post("/v1/jobs", "{\"question\": \"Is the road clear?\"}");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> registry.get("saccade.outbox.published")
                                .functionCounter()
                                .count()
                        >= 1);
        assertThat(registry.get("saccade.jobs.queued")
                        .tag("urgency", "standard")
                        .gauge()
                        .value())
                .isPositive();
        assertThat(registry.get("saccade.events.streams").gauge().value()).isNotNegative();
        assertThat(registry.get("saccade.sweeper.swept").functionCounter().count())
                .isNotNegative();
    }

    @Test
    void uploadsAreCounted() throws IOException {
        var registry = api.bean(MeterRegistry.class);
        double taken = count(registry, "saccade.uploads.taken");
        double refused = count(registry, "saccade.uploads.refused");
        double bytes = count(registry, "saccade.uploads.received");
        Client client = api.newTenant();

        client.uploaded(Clips.VIDEO);
        client.upload("broken.mp4", BodyPublishers.ofString("no video"));

        assertThat(count(registry, "saccade.uploads.taken") - taken).isEqualTo(1);
        assertThat(count(registry, "saccade.uploads.refused") - refused).isEqualTo(1);
        assertThat(count(registry, "saccade.uploads.received") - bytes).isEqualTo(Files.size(Clips.VIDEO) + 8);
        assertThat(registry.get("saccade.uploads.open").gauge().value()).isZero();
    }

    private static double count(MeterRegistry registry, String name) {
        return registry.get(name).functionCounter().count();
    }

    @Test
    void jobIsStoredWithTheTraceThatItsClientSent() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Answer answer = api.newTenant()
                .post(
                        "/v1/jobs",
                        "{\"question\": \"Is the road clear?\"}",
                        "traceparent",
                        "00-" + trace + "-b7ad6b7169203331-01");

        // the hint's row is gone as soon as the broker has confirmed it; its header is what TracesAndLogsTest reads
        String stored = api.bean(JdbcClient.class)
                .sql("select traceparent from job where id = cast(:id as uuid)")
                .param("id", answer.text("/id").substring("job_".length()))
                .query(String.class)
                .single();
        assertThat(stored).startsWith("00-" + trace + "-").endsWith("-01").hasSize(55);
    }

    @Test
    void infoTellsTheBuildToOperatorsOnly() {
        assertThat(api.client("").get("/actuator/info").status()).isEqualTo(401);
        assertThat(api.newTenant().get("/actuator/info").status()).isEqualTo(403);
        Answer answer = operator().get("/actuator/info");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/build/artifact")).isEqualTo("api-service");
        assertThat(answer.text("/build/version")).isNotEmpty().doesNotContain("$");
    }

    @Test
    void metricsAreNotOnThePortOfClients() {
        assertThat(operator().get("/actuator/prometheus").status()).isEqualTo(404);
        assertThat(operator().get("/actuator/metrics").status()).isEqualTo(404);
    }

    private Client operator() {
        return api.newClient(api.newTenantId(), Role.PLATFORM.scopes());
    }
}
