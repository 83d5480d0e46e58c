package dev.saccade.quickstart.stack;

import dev.saccade.quickstart.StartupException;
import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.embedded.DataFolder;
import dev.saccade.quickstart.embedded.EmbeddedPostgres;
import dev.saccade.quickstart.embedded.EmbeddedStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** Database and object store without the services, which run in other processes, and a broker that others started. */
public final class RunningParts implements AutoCloseable {

    private final DataFolder data;
    private final EmbeddedParts parts;
    private final String ownerPassword;

    private RunningParts(DataFolder data, EmbeddedParts parts, String ownerPassword) {
        this.data = data;
        this.parts = parts;
        this.ownerPassword = ownerPassword;
    }

    public static RunningParts start(Path folder, BrokerAddress broker) throws StartupException {
        DataFolder data = DataFolder.open(folder);
        QuickstartOptions options =
                QuickstartOptions.keep(folder, new ModelOptions()).withRabbitmq(broker);
        EmbeddedParts parts = new EmbeddedParts(data, UserFolders.cache(folder), options, step -> {});
        return new RunningParts(data, parts, data.secret("database"));
    }

    public int databasePort() {
        return parts.database().port();
    }

    public URI store() {
        return parts.store().endpoint();
    }

    /** The log-in that the services use. */
    public String serviceUser() {
        return EmbeddedParts.SERVICE_USER;
    }

    /** As the owner of the schema: for what only an administrator does. */
    public PGSimpleDataSource owner() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(parts.database().jdbcUrl());
        source.setUser(EmbeddedPostgres.USER);
        source.setPassword(ownerPassword);
        return source;
    }

    /** A service's environment, but for addresses of parts, which a test may lead through a gate. */
    public Map<String, String> credentials() {
        BrokerAddress broker = parts.broker();
        return Map.ofEntries(
                Map.entry("SPRING_DATASOURCE_USERNAME", EmbeddedParts.SERVICE_USER),
                Map.entry("SPRING_DATASOURCE_PASSWORD", parts.databasePassword()),
                Map.entry("SPRING_RABBITMQ_USERNAME", broker.user()),
                Map.entry("SPRING_RABBITMQ_PASSWORD", broker.password()),
                Map.entry("SPRING_RABBITMQ_VIRTUALHOST", broker.virtualHost()),
                Map.entry("SACCADE_BROKER_KIND", broker.kind()),
                Map.entry("SACCADE_STORE_ACCESSKEY", EmbeddedStore.ACCESS_KEY),
                Map.entry("SACCADE_STORE_SECRETKEY", parts.storeSecret()),
                Map.entry("SACCADE_STORE_BUCKET", EmbeddedStore.BUCKET));
    }

    @Override
    public void close() throws IOException {
        parts.close();
        data.close();
    }
}
