package dev.saccade.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.Clips;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

final class AuditApiTest {

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client admin = api.newClient(tenant, Role.ADMIN.scopes());
    private final Client auditor = api.newClient(tenant, Role.AUDITOR.scopes());

    @Test
    void auditorSeesWhoDidWhatNewestFirstAPageAtATime() {
        String key = admin.post("/v1/api-keys", "{\"name\": \"a\", \"role\": \"viewer\"}")
                .text("/id");
        admin.method("POST", "/v1/api-keys/" + key + "/rotate");
        admin.method("DELETE", "/v1/api-keys/" + key);

        List<String> actions = new ArrayList<>();
        String cursor = "";
        do {
            Answer page =
                    auditor.get("/v1/audit?limit=1&subject=" + key + (cursor.isEmpty() ? "" : "&after=" + cursor));
            page.json()
                    .at("/data")
                    .forEach(event -> actions.add(event.at("/action").asString("")));
            cursor = page.text("/next_cursor");
        } while (!cursor.isEmpty());

        assertThat(actions).containsExactly("api_key.revoked", "api_key.rotated", "api_key.issued");
        assertThat(auditor.get("/v1/audit?action=tenant.created").text("/data/0/subject"))
                .isEqualTo("ten_" + tenant);
        assertThat(auditor.get("/v1/audit?until=2020-01-01T00:00:00Z")
                        .json()
                        .at("/data")
                        .isEmpty())
                .isTrue();
        assertThat(auditor.get("/v1/audit?from=2020-01-01T00:00:00Z&actor=ledger")
                        .json()
                        .at("/data")
                        .isEmpty())
                .isFalse();
    }

    @Test
    void logVerifies() {
        Awaitility.await()
                .until(() ->
                        auditor.get("/v1/audit/verification").text("/pending").equals("0"));

        Answer verified = auditor.get("/v1/audit/verification");
        assertThat(verified.json().at("/intact").asBoolean()).isTrue();
        assertThat(verified.json().at("/events").asLong()).isGreaterThanOrEqualTo(3);
        assertThat(verified.text("/head")).matches("[0-9a-f]{64}");
    }

    @Test
    void exportHasEveryEventOnceInBothFormats() {
        admin.post("/v1/api-keys", "{\"name\": \"=cmd()\", \"role\": \"viewer\"}");

        String jsonl = text(auditor.get("/v1/audit/export?until=2100-01-01T00:00:00Z&action=api_key.issued"));
        String csv = text(auditor.get("/v1/audit/export?format=csv&action=api_key.issued"));

        assertThat(jsonl.lines()).hasSize(3).allMatch(line -> line.startsWith("{\"id\":\"aud_"));
        assertThat(csv.lines()).hasSize(4).allMatch(line -> line.startsWith("\"") && !line.contains(",\"="));
        assertThat(csv).startsWith("\"id\",\"at\",\"actor\"").contains("=cmd()");
    }

    @Test
    void readingWhatIsSensitiveIsWrittenDown() {
        String video = admin.uploaded(Clips.VIDEO);
        admin.get("/v1/videos/" + video + "/content");
        auditor.get("/v1/audit/export");
        String job = admin.post("/v1/jobs", "{\"video\": \"" + video + "\", \"question\": \"?\"}")
                .text("/id");
        admin.get("/v1/jobs/" + job); // it has no result yet
        admin.cancel(job);
        admin.get("/v1/jobs/" + job);

        Awaitility.await().until(() -> actions(job).contains("result.read"));
        assertThat(actions(job)).filteredOn("result.read"::equals).hasSize(1);
        assertThat(actions(video)).contains("media.read");
        assertThat(actions("ten_" + tenant)).contains("audit.exported");
    }

    @Test
    void everyJournaledAddressExists() {
        Set<String> mapped = api.beans(RequestMappingHandlerMapping.class).stream()
                .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(mapping -> mapping.getPatternValues().stream())
                .collect(Collectors.toSet());

        assertThat(mapped).containsAll(ReadJournal.patterns());
    }

    @Test
    void othersLogIsNotSeen() {
        Client stranger = api.newTenant();
        String own = stranger.get("/v1/audit").text("/data/0/id");

        assertThat(stranger.get("/v1/audit?subject=ten_" + tenant)
                        .json()
                        .at("/data")
                        .isEmpty())
                .isTrue();
        assertThat(auditor.get("/v1/audit?limit=100&after=" + own)
                        .json()
                        .at("/data")
                        .toString())
                .doesNotContain(own);
        assertThat(text(auditor.get("/v1/audit/export"))).doesNotContain(own);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "after=job_1",
                "subject=x",
                "from=yesterday",
                "from=-1000000000-01-01T00:00:00Z",
                "until=%2B1000000000-01-01T00:00:00Z",
                "actor=%00"
            })
    void parametersThatMakeNoSenseAreNamed(String query) {
        Answer refused = auditor.get("/v1/audit?" + query);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/errors/0/pointer")).startsWith("?");
    }

    private List<String> actions(String subject) {
        List<String> actions = new ArrayList<>();
        auditor.get("/v1/audit?limit=100&subject=" + subject)
                .json()
                .at("/data")
                .forEach(event -> actions.add(event.at("/action").asString("")));
        return actions;
    }

    private static String text(Answer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
