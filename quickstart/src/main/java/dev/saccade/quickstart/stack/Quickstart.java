package dev.saccade.quickstart.stack;

import dev.saccade.ledger.tenants.ApiKeys;
import dev.saccade.ledger.tenants.Scope;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.embedded.Durability;
import dev.saccade.quickstart.stack.StartListener.Step;
import dev.saccade.runtime.ModelException;
import dev.saccade.runtime.checkpoint.Checkpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** The whole product in this JVM: embedded parts, the API and a worker, on one data folder. */
public final class Quickstart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Quickstart.class);
    private static final String TENANT = "quickstart";

    private final DataFolder data;
    private final EmbeddedParts parts;
    private final ConfigurableApplicationContext services;
    private final String apiKey;

    private Quickstart(DataFolder data, EmbeddedParts parts, ConfigurableApplicationContext services, String apiKey) {
        this.data = data;
        this.parts = parts;
        this.services = services;
        this.apiKey = apiKey;
    }

    /** Starts everything and comes back when requests are answered. */
    public static Quickstart start(QuickstartOptions options, StartListener listener) throws StartupException {
        requireFree(options.port());
        int contextTokens = contextTokens(options.model());
        DataFolder data = DataFolder.open(options.data());
        try {
            LogFile.configure(data.logs());
            EmbeddedParts parts = new EmbeddedParts(data, UserFolders.cache(data.root()), options, listener);
            try {
                return start(options, contextTokens, data, parts, listener);
            } catch (RuntimeException | StartupException e) {
                StartupException known = explained(e, parts, options);
                parts.close();
                throw known;
            }
        } catch (StartupException e) {
            close(data);
            throw e;
        }
    }

    private static Quickstart start(
            QuickstartOptions options, int contextTokens, DataFolder data, EmbeddedParts parts, StartListener listener)
            throws StartupException {
        String apiKey = data.secret("api-key", () -> "sk_" + DataFolder.randomSecret());
        String webhookKey = data.secret("webhook-key", DataFolder::randomKey);
        ConfigurableApplicationContext services = services(options, contextTokens, webhookKey, data, parts);
        UUID tenant = services.getBean(Tenants.class).ensure(TENANT);
        services.getBean(ApiKeys.class).register(tenant, TENANT, apiKey, EnumSet.allOf(Scope.class));
        listener.done(Step.SERVICES);
        return new Quickstart(data, parts, services, apiKey);
    }

    private static ConfigurableApplicationContext services(
            QuickstartOptions options, int contextTokens, String webhookKey, DataFolder data, EmbeddedParts parts) {
        List<Class<?>> sources = new ArrayList<>(List.of(QuickstartServices.Api.class));
        if (options.worker()) {
            sources.add(QuickstartServices.Worker.class);
        }
        SpringApplication application = new SpringApplication(sources.toArray(Class<?>[]::new));
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        // This class stops the services, before the parts that they need.
        application.setRegisterShutdownHook(false);
        application.setAddCommandLineProperties(false);
        // Boot would warm up libraries on another thread; both cores have better things to do.
        System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        application.addInitializers(context -> {
            var sourcesOfProperties = context.getEnvironment().getPropertySources();
            sourcesOfProperties.addFirst(
                    new MapPropertySource("quickstart", settings(options, contextTokens, webhookKey, data)));
            sourcesOfProperties.addFirst(new PartsPropertySource(parts));
            sourcesOfProperties.addFirst(new MapPropertySource("options", options.settings()));
            context.getBeanFactory().registerSingleton("embeddedParts", parts);
            if (options.engine() != null) {
                context.getBeanFactory().registerSingleton("givenEngine", options.engine());
            }
        });
        return application.run();
    }

    private static Map<String, Object> settings(
            QuickstartOptions options, int contextTokens, String webhookKey, DataFolder data) {
        boolean throwaway = options.durability() == Durability.THROWAWAY;
        return Map.ofEntries(
                Map.entry("server.address", "127.0.0.1"),
                Map.entry("server.port", options.port()),
                Map.entry("spring.lifecycle.timeout-per-shutdown-phase", "40s"),
                Map.entry(
                        "management.endpoint.health.group.readiness.include",
                        "readinessState,db,rabbit,apiStore" + (options.worker() ? ",worker" : "")),
                Map.entry(
                        "saccade.api.upload-folder",
                        data.root().resolve("uploads").toString()),
                Map.entry("saccade.api.max-tokens", contextTokens),
                Map.entry("saccade.api.relay-interval", "500ms"),
                Map.entry("saccade.api.sweep-interval", "1s"),
                Map.entry("saccade.openai.models", modelName(options.model())),
                Map.entry("saccade.webhooks.key", webhookKey),
                // whoever has this machine's key may call this machine
                Map.entry("saccade.webhooks.trusted-hosts", "localhost"),
                Map.entry("saccade.ledger.max-attempts", 5),
                Map.entry("saccade.ledger.rehint-after", "15s"),
                Map.entry("saccade.worker.model", options.model().toString()),
                Map.entry("saccade.worker.precision", options.precision().name()),
                Map.entry("saccade.worker.slots", 4),
                Map.entry("saccade.worker.lease", "15s"),
                Map.entry("saccade.worker.heartbeat-interval", throwaway ? "150ms" : "500ms"),
                Map.entry("saccade.worker.drain-timeout", "30s"),
                Map.entry("saccade.worker.cache-dir", data.mediaCache().toString()),
                Map.entry("saccade.worker.cache-bytes", "2GB"));
    }

    /** The folder's, as results have it. */
    private static String modelName(Path folder) {
        return String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    }

    /** The model's context. Read before anything is started: the files are only mapped, and checked in milliseconds. */
    private static int contextTokens(Path folder) throws StartupException {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.config().text().maxPositions();
        } catch (ModelException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireFree(int port) throws StartupException {
        if (port == 0) {
            return;
        }
        if (port < 0 || port > 65_535) {
            throw new StartupException("There is no port " + port + "; give one from 1 to 65535 with --port.");
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw portTaken(port, e);
        }
    }

    private static StartupException portTaken(int port, Exception e) {
        return new StartupException(
                "Port " + port + " on 127.0.0.1 can't be opened, probably because another program has it;"
                        + " choose another one with --port.",
                e);
    }

    /** The sentence for the user, from wherever in Spring's chain of causes it is. */
    private static StartupException explained(Exception failure, EmbeddedParts parts, QuickstartOptions options) {
        LOG.error("The start failed", failure);
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case StartupException known -> {
                    return known;
                }
                case ModelException model -> {
                    return new StartupException(String.valueOf(model.getMessage()), model);
                }
                case PortInUseException port -> {
                    return portTaken(options.port(), port);
                }
                default -> {}
            }
        }
        return parts.failure()
                .orElseGet(() -> new StartupException(
                        "The services did not start (" + failure.getMessage() + "); the log file says more.", failure));
    }

    /** Where the API answers, e.g. {@code http://127.0.0.1:8080}. */
    public URI baseUri() {
        WebServerApplicationContext web = (WebServerApplicationContext) services;
        return URI.create(
                "http://127.0.0.1:" + Objects.requireNonNull(web.getWebServer()).getPort());
    }

    /** The key of this data folder's one tenant; the same after every restart. */
    public String apiKey() {
        return apiKey;
    }

    public Path dataFolder() {
        return data.root();
    }

    /** The services' beans, for tests and benches that look behind the API. */
    public ConfigurableApplicationContext services() {
        return services;
    }

    /** The database, as the owner of the schema: for what no service may do. */
    public DataSource ownersDatabase() {
        return parts.ownersDatabase();
    }

    EmbeddedParts parts() {
        return parts;
    }

    /** Takes no more jobs, finishes the running ones (30 s at most), then stops the parts. */
    @Override
    public void close() {
        services.close();
        parts.close();
        close(data);
    }

    private static void close(DataFolder data) {
        try {
            data.close();
        } catch (IOException e) {
            LOG.warn("The data folder's lock was not released", e);
        }
    }
}
