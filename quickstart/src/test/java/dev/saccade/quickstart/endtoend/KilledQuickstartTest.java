package dev.saccade.quickstart.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.quickstart.cli.SaccadeCli;
import dev.saccade.quickstart.client.ApiClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** {@code saccade serve} as a process: killed in mid-job, started again, stopped politely. */
class KilledQuickstartTest {

    private static final int JOBS = 24;

    @Test
    void everyJobEndsExactlyOnceThoughTheWholeQuickstartIsKilledInMidJob() throws Exception {
        Path data = Fixtures.emptyFolder("killed");
        Jobs jobs;
        String key;
        try (JavaChild serve = serve(data)) {
            key = serve.awaitPrinted("API key +(\\S+)");
            try (ApiClient client = client(serve, key)) {
                String video =
                        client.upload(Fixtures.clip(), sent -> {}).path("id").asString();
                jobs = Jobs.submit(client, video, JOBS);
            }
            JdbcTemplate database = Ledger.of(data);
            serve.killWhen(() -> Ledger.isInMidWork(database));
        }

        try (JavaChild serve = serve(data)) {
            assertThat(serve.awaitPrinted("API key +(\\S+)")).isEqualTo(key);
            try (ApiClient client = client(serve, key)) {
                jobs.awaitAllSucceeded(client);
            }
            Ledger.assertEveryJobEndedExactlyOnce(Ledger.of(data), JOBS);
            assertThat(serve.terminate()).as("exit code after SIGTERM").isZero();
            assertThat(serve.printed()).contains("Stopped.").doesNotContain("Exception");
        }
    }

    private static JavaChild serve(Path data) throws Exception {
        return JavaChild.start(SaccadeCli.class.getName(), Map.of(), "serve", "--port", "0", "--data", data.toString());
    }

    private static ApiClient client(JavaChild serve, String key) {
        return new ApiClient(URI.create(serve.awaitPrinted("URL +(\\S+)")), key);
    }
}
