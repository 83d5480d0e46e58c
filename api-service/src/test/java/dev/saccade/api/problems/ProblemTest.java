package dev.saccade.api.problems;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RawConnection;
import dev.saccade.api.running.RunningApi;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProblemTest {

    private final RunningApi api = RunningApi.get();
    private final Client client = api.newTenant();

    @Test
    void unknownAddressIsAProblem() {
        assertProblem(client.get("/v2/nothing"), 404, "not-found");
        assertProblem(client.get("/error"), 404, "not-found");
        assertProblem(client.get("/index.html"), 404, "not-found");
    }

    @Test
    void wrongMethodNamesTheRightOnes() {
        Answer answer = client.method("DELETE", "/v1/jobs");

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).isEqualTo("GET, POST");
    }

    @Test
    void unacceptableTypeIsAProblemAllTheSame() {
        assertProblem(client.get("/v1/jobs", "Accept", "text/html"), 406, "not-acceptable");
        assertProblem(client.get("/v1/jobs", "Accept", "application/xml"), 406, "not-acceptable");
    }

    @Test
    void wrongContentTypeIsAProblem() {
        assertProblem(
                client.send(
                        client.request("/v1/jobs", "Content-Type", "text/plain").POST(BodyPublishers.ofString("{}"))),
                415,
                "unsupported-media-type");
        assertProblem(client.post("/v1/videos", "{}"), 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "{\"question\":", "{\"question\": NaN}", "{\"question\":\"a\"} {}", "\u0000", "{'a':1}"
            })
    void malformedJsonIsAProblem(String body) {
        assertProblem(client.post("/v1/jobs", body), 400, "malformed-json");
    }

    @Test
    void repeatedFieldIsAProblem() {
        assertProblem(client.post("/v1/jobs", "{\"question\":\"a\",\"question\":\"b\"}"), 400, "malformed-json");
    }

    @Test
    void bodyBeyondTheLimitIsAProblemWhetherItsLengthIsToldOrNot() {
        byte[] body =
                ("{\"question\":\"" + "a".repeat(3 << 20) + "\"}").getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertProblem(
                client.post("/v1/jobs", new String(body, java.nio.charset.StandardCharsets.UTF_8)),
                413,
                "body-too-large");
        assertProblem(
                client.send(client.request("/v1/jobs", "Content-Type", "application/json")
                        .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))),
                413,
                "body-too-large");
    }

    /** Tomcat refuses these before any code of ours sees them. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/jobs?a=|", "/v1/jobs/%00", "/v1/jobs/a%2fb", "/v1/jobs/%zz", "/v1/jobs/a\\b"})
    void requestThatTomcatRefusesIsAProblem(String target) {
        String answer = RawConnection.exchange(
                api.port(),
                "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + client.key()
                        + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(answer).doesNotContain("<html", "Tomcat", "Exception");
    }

    @Test
    void wrongParametersArePointedAt() {
        assertThat(client.get("/v1/jobs?limit=many").text("/errors/0/pointer")).isEqualTo("?limit");
        assertThat(client.get("/v1/jobs?limit=0").text("/errors/0/pointer")).isEqualTo("?limit");
        assertThat(client.get("/v1/jobs?limit=101").text("/errors/0/pointer")).isEqualTo("?limit");
        assertThat(client.get("/v1/jobs?state=SUCCEEDED").text("/errors/0/pointer"))
                .isEqualTo("?state");
        assertThat(client.get("/v1/jobs?after=job_1").text("/errors/0/pointer")).isEqualTo("?after");
    }

    @Test
    void queryWithoutANameIsAProblem() {
        assertProblem(client.get("/v1/jobs?=x"), 400, "invalid-parameter");
        assertProblem(client.get("/v1/webhooks/whk_1/deliveries?&=null"), 400, "invalid-parameter");
    }

    @Test
    void emptyTimeIsNoTime() {
        assertThat(client.get("/v1/jobs?until=").text("/errors/0/pointer")).isEqualTo("?until");
        assertThat(client.get("/v1/jobs?from=1").text("/errors/0/pointer")).isEqualTo("?from");
        assertThat(client.get("/v1/jobs?from=2026-01-01T00:00:00%2B01:00").status())
                .isEqualTo(200);
    }

    @Test
    void methodThatTomcatRefusesNamesTheRightOnes() {
        Answer answer = client.method("TRACE", "/v1/jobs");

        assertProblem(answer, 405, "method-not-allowed");
        assertThat(answer.header("Allow")).contains("GET").doesNotContain("TRACE");
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text("/code")).isEqualTo(code);
        assertThat(answer.text("/type")).isEqualTo("https://saccade.dev/problems/" + code);
        assertThat(answer.json().at("/status").asInt()).isEqualTo(status);
        assertThat(answer.text("/detail")).isNotEmpty();
        assertThat(Stream.of("Exception", "dev.saccade.api", "springframework", "\tat "))
                .noneMatch(answer.json().toString()::contains);
    }
}
