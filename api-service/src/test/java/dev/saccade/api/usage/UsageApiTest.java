package dev.saccade.api.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

final class UsageApiTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client admin = api.newClient(tenant, Role.ADMIN.scopes());
    private final Client platform = api.client(RunningApi.BOOTSTRAP_KEY);

    @Test
    void usageAndQuotasAreShownToTheTenantAndToThePlatform() {
        String video = admin.uploaded(Clips.VIDEO);
        long bytes = admin.get("/v1/videos/" + video).json().at("/size_bytes").asLong();
        String job = submit(video).text("/id");
        admin.cancel(job);
        submit(video);

        Answer usage = admin.get("/v1/usage");
        assertThat(usage.json().at("/data/0/uploaded_bytes").asLong()).isEqualTo(bytes);
        assertThat(usage.json().at("/data/0/jobs_unsuccessful").asLong()).isEqualTo(1);
        assertThat(usage.text("/data/0/actor")).startsWith("key:test-");
        assertThat(usage.json().at("/quotas/queued_jobs").toString()).isEqualTo("{\"used\":1,\"limit\":100000}");
        assertThat(usage.json().at("/quotas/stored_bytes").toString()).isEqualTo("{\"used\":" + bytes + "}");
        assertThat(platform.get("/v1/tenants/ten_" + tenant + "/usage").json()).isEqualTo(usage.json());
        assertThat(admin.get("/v1/tenants/ten_" + tenant + "/usage").status()).isEqualTo(403);
    }

    @Test
    void submitAndUploadBeyondAQuotaAreRefusedWithWhatToDo() {
        String video = admin.uploaded(Clips.VIDEO);
        platform.send(platform.request("/v1/tenants/ten_" + tenant + "/limits", "Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"queued_jobs\": 1, \"stored_bytes\": 1}")));

        assertThat(submit(video).status()).isEqualTo(202);
        Answer full = submit(video);
        assertThat(full.status()).isEqualTo(429);
        assertThat(full.text("/code")).isEqualTo("queued-jobs-quota");
        assertThat(full.header("Retry-After")).isNotEmpty();
        Answer large = admin.upload(Clips.IMAGE);
        assertThat(large.status()).isEqualTo(403);
        assertThat(large.text("/code")).isEqualTo("stored-bytes-quota");
    }

    @Test
    void submitsAreRefusedBeforeTheQueueOfAllGrowsWithoutBoundAndTakenAgainWhenItHasDrained() {
        String video = admin.uploaded(Clips.VIDEO);
        UUID others = api.newTenantId();
        api.bean(JdbcTemplate.class)
                .update("insert into tenant_counter (tenant_id, place, queued_jobs) values (?, 0, 1000000)", others);
        try {
            Answer full = await().until(() -> submit(video), answer -> answer.status() != 202);
            assertThat(full.status()).isEqualTo(429);
            assertThat(full.text("/code")).isEqualTo("queue-full");
            assertThat(full.header("Retry-After")).isNotEmpty();
        } finally {
            api.bean(JdbcTemplate.class).update("delete from tenant_counter where tenant_id = ?", others);
        }
        await().until(() -> submit(video).status() == 202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"from=x", "from=2026-01-02&to=2026-01-01", "from=2026-01-01&to=2026-12-31", "to=%2B99999-01-01"})
    void daysThatMakeNoSenseAreNamed(String query) {
        assertThat(admin.get("/v1/usage?" + query).text("/code")).isEqualTo("invalid-parameter");
    }

    private Answer submit(String video) {
        return admin.post("/v1/jobs", "{\"video\": \"" + video + "\", \"question\": \"?\"}");
    }
}
