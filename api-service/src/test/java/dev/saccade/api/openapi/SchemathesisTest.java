package dev.saccade.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.ExternalId;
import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Requests that schemathesis makes up from the served document, right and wrong ones, and its judgement of the answers. */
final class SchemathesisTest {

    private static final Path SETTINGS = Path.of("src/test/schemathesis").toAbsolutePath();

    private final RunningApi api = RunningApi.get();

    @Test
    void answersAreAsTheServedDocumentSays() throws IOException, InterruptedException {
        String program = System.getenv().getOrDefault("SACCADE_TEST_SCHEMATHESIS", "");
        if (program.isBlank()) {
            abort("slow; asked for with ./saccade test --api");
        }
        // Schemathesis waits ten seconds for the document; the first one takes longer on a busy machine.
        api.client("").get("/v3/api-docs");
        UUID tenant = api.newTenantId();
        String key = api.bean(ApiKeys.class).issue(tenant, "schemathesis", EnumSet.allOf(Scope.class));
        Path report = Path.of("target/schemathesis.txt").toAbsolutePath();
        ProcessBuilder run = new ProcessBuilder(
                        program,
                        "--config-file",
                        SETTINGS.resolve("schemathesis.toml").toString(),
                        "--no-color",
                        "run",
                        "http://127.0.0.1:" + api.port() + "/v3/api-docs",
                        "--header",
                        "Authorization: Bearer " + key,
                        "--phases",
                        "examples,coverage,fuzzing,stateful",
                        "--max-examples",
                        "10",
                        "--generation-database",
                        "none",
                        "--continue-on-failure")
                .redirectErrorStream(true)
                .redirectOutput(report.toFile());
        run.environment().put("SACCADE_HOOKS", SETTINGS.resolve("hooks.py").toString());
        run.environment().put("SACCADE_OWN_TENANT", ExternalId.TENANT.format(tenant));
        run.environment()
                .put("SACCADE_OWN_KEY", api.client(key).get("/v1/api-keys").text("/data/0/id"));

        assertThat(run.start().waitFor()).as(() -> read(report)).isZero();
    }

    private static String read(Path report) {
        try {
            return Files.readString(report);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
