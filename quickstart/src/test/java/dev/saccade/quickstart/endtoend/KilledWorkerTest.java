package dev.saccade.quickstart.endtoend;

import dev.saccade.quickstart.cli.ModelOptions;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.stack.QuickstartOptions;
import dev.saccade.quickstart.stack.RunningStack;
import dev.saccade.worker.WorkerApplication;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Workers as processes of their own beside the API: one is killed in mid-job, another takes over. */
class KilledWorkerTest {

    private static final int JOBS = 12;
    private static final int SLOTS = 2;
    private static final Map<String, String> QUICK_LEASE =
            Map.of("SACCADE_WORKER_LEASE", "3s", "SACCADE_WORKER_HEARTBEATINTERVAL", "500ms");

    @Test
    void anotherWorkerFinishesWhatAKilledOneLeft() throws Exception {
        QuickstartOptions options = QuickstartOptions.throwaway(Fixtures.emptyFolder("workers"), new ModelOptions())
                .withoutWorker();
        try (RunningStack stack = RunningStack.start(options);
                ApiClient client = stack.client()) {
            String video = client.upload(Fixtures.clip(), sent -> {}).path("id").asString();
            Jobs jobs = Jobs.submit(client, video, JOBS);
            try (JavaChild first = worker(stack, SLOTS, QUICK_LEASE)) {
                first.killWhen(() -> Ledger.isInMidWork(stack.database()));
            }
            try (JavaChild second = worker(stack, SLOTS, QUICK_LEASE)) {
                jobs.awaitAllSucceeded(client);
            }
            Ledger.assertEveryJobEndedExactlyOnce(stack.database(), JOBS);
        }
    }

    /** The worker's own program. */
    static JavaChild worker(RunningStack stack, int slots, Map<String, String> more) throws Exception {
        Map<String, String> environment = new HashMap<>(stack.environmentOfAWorker());
        environment.put("SACCADE_WORKER_MODEL", new ModelOptions().folder().toString());
        environment.put("SACCADE_WORKER_SLOTS", Integer.toString(slots));
        environment.put(
                "SACCADE_WORKER_CACHEDIR", Fixtures.emptyFolder("worker-cache").toString());
        environment.put("SERVER_PORT", "0");
        environment.putAll(more);
        return JavaChild.start(WorkerApplication.class.getName(), environment);
    }
}
