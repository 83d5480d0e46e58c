package dev.saccade.quickstart.faults;

import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.endtoend.JavaChild;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Two API instances and two workers, each of which is killed again and again while jobs come in and are done: none is lost,
 * none is done twice. {@code ./saccade test --faults} has 10,000 jobs and 40 kills.
 */
@EnabledIfSystemProperty(
        named = "saccade.faults.jobs",
        matches = "\\d+",
        disabledReason = "random kills take minutes: ./saccade test --faults has them, with 10,000 jobs")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class ManyKillsTest {

    private static final int JOBS = Integer.getInteger("saccade.faults.jobs", 500);
    /** Each costs the start of a JVM. */
    private static final int KILLS = Integer.getInteger("saccade.faults.kills", 4);

    private static final int CLIENTS = 4;
    /** Jobs that wait or run at a time: kills have to meet submits as well as work. */
    private static final int IN_FLIGHT = 300;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Random random = new Random(Long.getLong("saccade.faults.seed", 5));
    private final AtomicInteger next = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final JavaChild[] apis = new JavaChild[2];
    private final JavaChild[] workers = new JavaChild[2];
    private FaultBed bed;
    private Trial trial;
    private volatile List<ApiClient> clients = List.of();
    private volatile long ended;

    @BeforeEach
    void startEverything() throws Exception {
        bed = FaultBed.start();
        for (int i = 0; i < 2; i++) {
            apis[i] = bed.api(Map.of());
            workers[i] = bed.worker(Map.of());
        }
        trial = new Trial(bed, "many kills", apis[0]);
        clients = List.of(trial.client(apis[0]), trial.client(apis[1]));
    }

    @AfterEach
    void stopEverything() throws Exception {
        threads.shutdownNow();
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void everyJobEndsExactlyOnceThoughApisAndWorkersAreKilledAtRandom() throws Exception {
        long began = System.nanoTime();
        List<Future<?>> submitting = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            submitting.add(threads.submit(this::submitUntilThereAreEnough));
        }
        int killedApis = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            awaitEnded((long) JOBS * (kill + 1) / (KILLS + 2), submitting);
            killedApis += killOne() ? 1 : 0;
        }
        awaitEnded(JOBS, submitting);
        for (Future<?> client : submitting) {
            client.get(1, TimeUnit.MINUTES);
        }

        trial.assertEnded(JOBS, JOBS);
        System.out.printf(
                "%d jobs by two API instances and two workers, %d kills of APIs and %d of workers:"
                        + " all succeeded once, in %d s; %d attempts were lost%n",
                JOBS,
                killedApis,
                KILLS - killedApis,
                (System.nanoTime() - began) / 1_000_000_000,
                trial.attempts("LOST"));
    }

    private void submitUntilThereAreEnough() {
        for (int job = next.getAndIncrement(); job < JOBS; job = next.getAndIncrement()) {
            int number = job;
            if (number - ended > IN_FLIGHT) {
                patiently("room for job " + number).until(() -> number - ended <= IN_FLIGHT);
            }
            submit(number);
        }
    }

    /** A request whose answer was lost is repeated with its key, at the other instance. */
    private void submit(int number) {
        String key = UUID.randomUUID().toString();
        if (!accepted(clients.get(number % 2), key, number)) {
            AtomicInteger tries = new AtomicInteger(number + 1);
            patiently("job " + number + " to be accepted")
                    .until(() -> accepted(clients.get(tries.getAndIncrement() % 2), key, number));
        }
    }

    private static boolean accepted(ApiClient client, String key, int number) {
        try {
            int status = client.send(client.request("/v1/jobs")
                            .header("Content-Type", "application/json")
                            .header("Idempotency-Key", key)
                            .POST(BodyPublishers.ofString(
                                    "{\"question\":\"Is it safe to turn right? " + number + "\"}"))
                            .build())
                    .statusCode();
            return status == 202;
        } catch (IOException killed) {
            return false;
        }
    }

    private void awaitEnded(long jobs, List<Future<?>> submitting) {
        patiently(jobs + " jobs to end")
                .failFast(
                        "a client gave up",
                        () -> submitting.stream().anyMatch(client -> client.state() == Future.State.FAILED))
                .until(() -> {
                    ended = trial.jobs("state not in ('QUEUED', 'RUNNING')");
                    return ended >= jobs;
                });
    }

    /** True for an API, false for a worker. */
    private boolean killOne() throws Exception {
        int which = random.nextInt(2);
        if (random.nextBoolean()) {
            workers[which].kill();
            workers[which] = bed.worker(Map.of());
            return false;
        }
        apis[which].kill();
        apis[which] = bed.api(Map.of());
        ApiClient fresh = trial.client(apis[which]);
        clients = which == 0 ? List.of(fresh, clients.get(1)) : List.of(clients.get(0), fresh);
        return true;
    }

    private static ConditionFactory patiently(String what) {
        return FaultBed.await(what).atMost(PATIENCE);
    }
}
