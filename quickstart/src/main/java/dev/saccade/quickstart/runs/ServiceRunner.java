package dev.saccade.quickstart.runs;

import dev.saccade.quickstart.cli.Json;
import dev.saccade.quickstart.cli.UserError;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.stack.StopSignal;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Has a running service answer: clips are uploaded, questions submitted as batches, and answers read when a batch has
 * ended. The service goes on while nobody waits for it; the journal says which batches are whose.
 */
final class ServiceRunner implements Runner {

    private final URI service;
    private final ApiClient client;
    private final ServiceCalls calls;

    private ServiceRunner(URI service, ApiClient client, ServiceCalls calls) {
        this.service = service;
        this.client = client;
        this.calls = calls;
    }

    /** @throws UserError where nothing answers there, or the key is not taken */
    static ServiceRunner connect(URI service, String key, StopSignal stop) {
        ApiClient client = new ApiClient(service, key);
        ServiceCalls calls = new ServiceCalls(service, stop);
        try {
            calls.once(() -> client.get("/v1/batches?limit=1"));
            return new ServiceRunner(service, client, calls);
        } catch (RuntimeException failure) {
            client.close();
            throw failure;
        }
    }

    @Override
    public ObjectNode settings() {
        return Json.MAPPER.createObjectNode().put("service", service.toString());
    }

    @Override
    public void run(List<Question> questions, Journal journal, RunBar bar, Sink sink) throws IOException {
        new ServiceRun(client, calls, journal, bar, sink).run(questions);
    }

    @Override
    public void close() {
        client.close();
    }
}
