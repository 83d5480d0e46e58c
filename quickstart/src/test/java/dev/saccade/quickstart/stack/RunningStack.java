package dev.saccade.quickstart.stack;

import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.embedded.EmbeddedStore;
import dev.saccade.worker.engine.EngineHost;
import java.net.URI;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;

/** A quickstart in the test's JVM, with what tests need to look behind the API. */
public final class RunningStack implements AutoCloseable {

    private final Quickstart quickstart;

    private RunningStack(Quickstart quickstart) {
        this.quickstart = quickstart;
    }

    public static RunningStack start(QuickstartOptions options) throws StartupException {
        return new RunningStack(Quickstart.start(options, step -> {}));
    }

    public ApiClient client() {
        return new ApiClient(quickstart.baseUri(), quickstart.apiKey());
    }

    /** Where the API answers. */
    public URI address() {
        return quickstart.baseUri();
    }

    /** The API key of the quickstart's own tenant. */
    public String key() {
        return quickstart.apiKey();
    }

    public ApiClient clientOfAnotherTenant() {
        var tenant = quickstart.services().getBean(Tenants.class).ensure("stranger");
        String key = quickstart.services().getBean(ApiKeys.class).issue(tenant, "stranger's key", Role.ADMIN.scopes());
        return new ApiClient(quickstart.baseUri(), key);
    }

    public JdbcTemplate database() {
        return quickstart.services().getBean(JdbcTemplate.class);
    }

    /** Rows of prompts that went through the model since it was opened. */
    public long promptRowsRead() {
        return quickstart
                .services()
                .getBean(EngineHost.class)
                .await()
                .status()
                .tokens()
                .read();
    }

    /** What a worker in another process needs in its environment. */
    public Map<String, String> environmentOfAWorker() {
        EmbeddedParts parts = quickstart.parts();
        return Map.ofEntries(
                Map.entry("SPRING_DATASOURCE_URL", parts.database().jdbcUrl()),
                Map.entry("SPRING_DATASOURCE_USERNAME", EmbeddedParts.SERVICE_USER),
                Map.entry("SPRING_DATASOURCE_PASSWORD", parts.databasePassword()),
                Map.entry("SPRING_DATASOURCE_HIKARI_MAXIMUMPOOLSIZE", "4"),
                Map.entry("SPRING_RABBITMQ_HOST", parts.broker().host()),
                Map.entry(
                        "SPRING_RABBITMQ_PORT", Integer.toString(parts.broker().port())),
                Map.entry("SPRING_RABBITMQ_USERNAME", parts.broker().user()),
                Map.entry("SPRING_RABBITMQ_PASSWORD", parts.broker().password()),
                Map.entry("SPRING_RABBITMQ_VIRTUALHOST", parts.broker().virtualHost()),
                Map.entry("SACCADE_BROKER_KIND", parts.broker().kind()),
                Map.entry("SACCADE_STORE_ENDPOINT", parts.store().endpoint().toString()),
                Map.entry("SACCADE_STORE_ACCESSKEY", EmbeddedStore.ACCESS_KEY),
                Map.entry("SACCADE_STORE_SECRETKEY", parts.storeSecret()),
                Map.entry("SACCADE_STORE_BUCKET", EmbeddedStore.BUCKET));
    }

    @Override
    public void close() {
        quickstart.close();
    }
}
