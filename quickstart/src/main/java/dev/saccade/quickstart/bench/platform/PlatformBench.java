package dev.saccade.quickstart.bench.platform;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.ledger.json.LedgerJson;
import dev.saccade.ledger.tenants.Tenants;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.stack.Quickstart;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** Measures a running platform whose worker has a {@link RecordedEngine}. */
final class PlatformBench implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PlatformBench.class);

    private static final String JOB = """
            {"question": "Is the path ahead of the robot clear, and why?", "sampling": {"temperature": 0}, "tags": ["bench"]}""";
    private static final String QUESTION = "Is the path ahead of the robot clear, and why?";

    private static final int STEADY_RATE = 100;
    private static final Duration STEADY_TIME = Duration.ofSeconds(15);
    private static final int JOBS_AT_REST = 100;
    private static final int JOBS_AT_REST_WARM_UP = 50;
    private static final double COMPILERS_REST = 0.1;
    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(90);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final ApiClient http;
    private final JobClients clients;
    private final JdbcTemplate database;
    private final Tenants tenants;
    private final UUID tenant;
    private final Consumer<String> progress;

    PlatformBench(Quickstart platform, Consumer<String> progress) {
        http = new ApiClient(platform.baseUri(), platform.apiKey());
        clients = new JobClients(http, JOB);
        database = platform.services().getBean(JdbcTemplate.class);
        tenants = platform.services().getBean(Tenants.class);
        tenant = tenants.ensure("quickstart");
        this.progress = progress;
    }

    /**
     * Runs every measure, the JVM's warm-up before them.
     *
     * @param jobs how many each measure of throughput submits
     * @param finished how many are put into the tables before
     */
    PlatformFigures run(int jobs, long finished, DataSource owner, String broker) {
        progress.accept("warming up");
        warmUp(jobs);
        if (finished > 0) {
            fill(finished, owner);
            progress.accept("warming up again");
            warmUp(jobs);
        }
        progress.accept("single POSTs");
        double single = singleJobsPerSecond(jobs);
        progress.accept("batches");
        double batch = batchJobsPerSecond(2 * jobs);
        progress.accept("submitting " + STEADY_RATE + " jobs a second");
        double[] submit = clients.submitSteadily(STEADY_RATE, STEADY_TIME);
        awaitAll();
        progress.accept("one job at a time");
        double overhead = overheadMillis();
        return new PlatformFigures(
                rounded(single),
                rounded(batch),
                rounded(percentile(submit, 0.5)),
                rounded(percentile(submit, 0.99)),
                rounded(overhead),
                broker,
                "postgresql " + database.queryForObject("show server_version", String.class));
    }

    /** After the warm-up, whose audit events are sealed; for another tenant, whose jobs the measures don't count. */
    private void fill(long finished, DataSource owner) {
        try {
            FinishedJobs.insert(
                    owner, tenants.ensure("bench-finished"), LedgerJson.write(request()), finished, progress);
        } catch (SQLException e) {
            throw new IllegalStateException("The finished jobs could not be made: " + e.getMessage(), e);
        }
    }

    /** Until the JVM has compiled what there is to compile, as in a service that runs for days; or for long enough. */
    private void warmUp(int jobs) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        long begin = System.nanoTime();
        double compiling;
        do {
            long round = System.nanoTime();
            long compiled = compiler.getTotalCompilationTime();
            LOG.info("Warm-up: {} jobs/s by single POSTs", rounded(singleJobsPerSecond(jobs)));
            LOG.info("Warm-up: {} jobs/s by batches", rounded(batchJobsPerSecond(2 * jobs)));
            compiling = (compiler.getTotalCompilationTime() - compiled) * 1e6 / (System.nanoTime() - round);
            LOG.info("Warm-up: compilers at work for {} of the time", compiling);
        } while (compiling > COMPILERS_REST && System.nanoTime() - begin < LONGEST_WARM_UP.toNanos());
    }

    private double singleJobsPerSecond(int jobs) {
        return jobsPerSecond(jobs, () -> clients.submit(jobs));
    }

    private double batchJobsPerSecond(int jobs) {
        return jobsPerSecond(jobs, () -> clients.submitBatch(jobs));
    }

    private double jobsPerSecond(int jobs, Runnable submit) {
        long before = succeeded();
        long begin = System.nanoTime();
        submit.run();
        awaitAll();
        double seconds = (System.nanoTime() - begin) / 1e9;
        long done = succeeded() - before;
        if (done != jobs) {
            throw new IllegalStateException(done + " of " + jobs + " jobs succeeded.");
        }
        return jobs / seconds;
    }

    private double overheadMillis() {
        for (int job = 0; job < JOBS_AT_REST_WARM_UP; job++) {
            clients.submitAndWait();
        }
        double[] millis = new double[JOBS_AT_REST];
        for (int job = 0; job < JOBS_AT_REST; job++) {
            millis[job] = clients.submitAndWait();
        }
        Arrays.sort(millis);
        return percentile(millis, 0.5) - RecordedEngine.TIME.toNanos() / 1e6;
    }

    private void awaitAll() {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (unfinished()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("Jobs are unfinished after " + LONGEST_WAIT.toMinutes() + " minutes.");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while jobs were running", e);
            }
        }
    }

    private boolean unfinished() {
        return Boolean.TRUE.equals(database.queryForObject(
                "select exists (select from job where tenant_id = ? and state in ('QUEUED', 'RUNNING'))",
                Boolean.class,
                tenant));
    }

    private long succeeded() {
        Long count = database.queryForObject(
                "select count(*) from job where tenant_id = ? and state = 'SUCCEEDED'", Long.class, tenant);
        return count == null ? 0 : count;
    }

    private static JobRequest request() {
        var ask = new RequestMessage("user", List.of(new ContentPart.Text(QUESTION)));
        return new JobRequest(List.of(ask), Sampling.DEFAULT, Vision.DEFAULT, false);
    }

    private static double percentile(double[] ascending, double share) {
        return ascending[Math.min(ascending.length - 1, (int) (ascending.length * share))];
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    @Override
    public void close() {
        http.close();
    }
}
