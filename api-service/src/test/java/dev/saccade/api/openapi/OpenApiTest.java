package dev.saccade.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.RunningApi;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class OpenApiTest {

    private final RunningApi api = RunningApi.get();
    private final Answer answer = api.client("").get("/v3/api-docs");
    private final JsonNode document = answer.json();

    @Test
    void documentIsOpenApi31() {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/openapi")).startsWith("3.1");
        assertThat(answer.text("/components/securitySchemes/api_key/scheme")).isEqualTo("bearer");
    }

    @Test
    void everyOperationIsDescribed() {
        JsonNode paths = document.at("/paths");

        assertThat(paths.propertyNames())
                .contains(
                        "/v1/videos",
                        "/v1/videos/{id}",
                        "/v1/videos/{id}/content",
                        "/v1/jobs",
                        "/v1/jobs/{id}",
                        "/v1/jobs/{id}/cancel",
                        "/v1/jobs/{id}/events",
                        "/v1/jobs/{id}/retry",
                        "/v1/jobs/{id}/clone",
                        "/v1/jobs/{id}/rerun",
                        "/v1/jobs/cancel");
        assertThat(paths.at("/~1v1~1jobs").propertyNames()).containsExactlyInAnyOrder("get", "post");
        assertThat(answer.text("/paths/~1v1~1jobs/post/operationId")).isEqualTo("submitJob");
        assertThat(answer.text("/paths/~1v1~1jobs/post/requestBody/content/application~1json/schema/$ref"))
                .isEqualTo("#/components/schemas/JobSubmission");
        assertThat(paths.at("/~1v1~1videos/post/requestBody/content").propertyNames())
                .containsExactly("multipart/form-data");
    }

    @Test
    void namesAreThoseOfTheJson() {
        assertThat(document.at("/components/schemas/Video/properties").propertyNames())
                .contains("size_bytes", "duration_seconds", "created_at")
                .doesNotContain("sizeBytes");
        assertThat(document.at("/components/schemas/Sampling/properties").propertyNames())
                .contains("max_tokens", "top_p");
        assertThat(document.at("/components/schemas/Job/properties/state/enum").toString())
                .contains("\"queued\"");
    }

    @Test
    void everyOperationNamesItsProblems() {
        for (JsonNode path : document.at("/paths")) {
            for (JsonNode operation : path) {
                boolean openAi = operation.path("tags").toString().contains("OpenAI");
                assertThat(operation
                                .at("/responses/401/content/application~1" + (openAi ? "json" : "problem+json")
                                        + "/schema/$ref")
                                .asString(""))
                        .isEqualTo("#/components/schemas/" + (openAi ? "OpenAiError" : "Problem"));
            }
        }
        assertThat(document.at("/components/schemas/Problem/properties").propertyNames())
                .contains("type", "title", "status", "detail", "code", "errors");
        assertThat(document.at("/paths/~1v1~1jobs/post/responses").propertyNames())
                .contains("202", "400", "413", "415", "422");
    }

    @Test
    void whatMayBeLeftOutOfABodyMayBeNull() {
        JsonNode selection = document.at("/components/schemas/JobSelection/properties");

        assertThat(selection.at("/tag/type").toString()).contains("\"string\"", "\"null\"");
        assertThat(document.at("/components/schemas/NewWebhook/properties/url/type")
                        .toString())
                .doesNotContain("null");
        assertThat(document.at("/paths/~1v1~1tenants/post/responses/409/content")
                        .propertyNames())
                .containsExactly("application/problem+json");
    }

    @Test
    void aPromptsDefaultsAndStructuresMayBeAnyJson() {
        assertThat(document.at("/components/schemas/JobResult/properties/parsed/type")
                        .toString())
                .contains("\"object\"", "\"array\"", "\"string\"");
        assertThat(document.at("/components/schemas/Parameter/properties/default/type")
                        .toString())
                .contains("\"string\"", "\"number\"", "\"array\"", "\"null\"");
        assertThat(document.at("/components/schemas/AuditEvent/properties/detail/type")
                        .asString())
                .isEqualTo("object");
    }

    @Test
    void errorsAtTheSharedAddressOfBatchesHaveEitherShape() {
        JsonNode content = document.at("/paths/~1v1~1batches/post/responses/400/content");

        assertThat(content.at("/application~1problem+json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/Problem");
        assertThat(content.at("/application~1json/schema/$ref").asString())
                .isEqualTo("#/components/schemas/OpenAiError");
        assertThat(document.at("/components/schemas/OpenAiErrorDetail/properties/param/type")
                        .toString())
                .contains("\"string\"", "\"null\"");
    }

    @Test
    void callersAreNoParameters() {
        assertThat(document.toString()).doesNotContain("tenant_id", "tenantId", "key_name");
    }
}
