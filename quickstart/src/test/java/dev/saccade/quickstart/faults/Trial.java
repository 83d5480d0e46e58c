package dev.saccade.quickstart.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.saccade.ledger.jobs.ContentPart;
import dev.saccade.ledger.jobs.JobRequest;
import dev.saccade.ledger.jobs.JobState;
import dev.saccade.ledger.jobs.JobView;
import dev.saccade.ledger.jobs.NewJob;
import dev.saccade.ledger.jobs.RequestMessage;
import dev.saccade.ledger.jobs.Sampling;
import dev.saccade.ledger.jobs.Urgency;
import dev.saccade.ledger.jobs.Vision;
import dev.saccade.quickstart.client.ApiClient;
import dev.saccade.quickstart.client.ApiException;
import dev.saccade.quickstart.endtoend.JavaChild;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** One test's tenant: its jobs are counted, whatever the tests before have left. */
final class Trial {

    private final FaultBed bed;
    private final JdbcTemplate database;
    private final UUID tenant;
    private final String key;
    private final long jobsBefore;
    private ApiClient client;

    Trial(FaultBed bed, String name, JavaChild api) {
        this.bed = bed;
        database = bed.database();
        tenant = bed.newTenant(name);
        key = bed.newKey(tenant);
        client = client(api);
        jobsBefore = jobsOfAll();
    }

    /** From now on its requests go there. */
    void turnTo(JavaChild api) {
        client = client(api);
    }

    ApiClient client(JavaChild api) {
        return new ApiClient(FaultBed.address(api), key);
    }

    List<UUID> submit(int count, String question) {
        List<UUID> jobs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            jobs.add(submit(Map.of("question", question)));
        }
        return jobs;
    }

    /** Tries again where the API says that nothing was changed: its connections may have been cut by the test before. */
    UUID submit(Map<String, ?> job) {
        JsonNode accepted = FaultBed.await("the job to be accepted")
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsMatching(e -> e instanceof ApiException refusal && refusal.status() == 503)
                .until(() -> client.submit(job), answer -> true);
        return UUID.fromString(accepted.path("id").asString().substring("job_".length()));
    }

    /** Past the API: it may cost {@link FaultBed#ATTEMPTS} attempts. */
    UUID submitToLedger(String question) {
        JobRequest request = new JobRequest(
                List.of(new RequestMessage("user", List.of(new ContentPart.Text(question)))),
                Sampling.DEFAULT,
                Vision.DEFAULT,
                false);
        return bed.ledger()
                .submit(new NewJob(tenant, "test", Urgency.STANDARD, request, null, null, List.of()))
                .id();
    }

    String upload(Path clip) throws IOException {
        return client.upload(clip, sent -> {}).path("id").asString();
    }

    void cancel(UUID job) throws IOException {
        int status = client.send(client.request("/v1/jobs/job_" + job + "/cancel")
                        .POST(BodyPublishers.noBody())
                        .build())
                .statusCode();
        assertThat(status).isIn(200, 202, 409);
    }

    /** Those that a test which failed has left. */
    void cancelUnfinished() {
        for (UUID job : database.queryForList(
                "select id from job where tenant_id = ? and state in ('QUEUED', 'RUNNING')", UUID.class, tenant)) {
            bed.ledger().cancel(tenant, Objects.requireNonNull(job), "test");
        }
    }

    void awaitRunning(int count) {
        FaultBed.await(count + " jobs to run").until(() -> jobs("state = 'RUNNING'") >= count);
    }

    void awaitAllEnded() {
        FaultBed.await("all jobs to end").until(() -> jobs("state in ('QUEUED', 'RUNNING')") == 0);
    }

    /** So many jobs more than before, so many of them with a result, and none of them lost or ended twice. */
    void assertEnded(long submitted, long succeeded) {
        assertThat(jobsOfAll()).as("jobs, of %s before", jobsBefore).isEqualTo(jobsBefore + submitted);
        assertThat(census()).isEqualTo(new Census(submitted, succeeded));
        Census.assertEverythingEndedOnce(database, tenant);
    }

    Census census() {
        return Census.of(database, tenant);
    }

    private long jobsOfAll() {
        return Objects.requireNonNull(database.queryForObject("select count(*) from job", Long.class));
    }

    long jobs(String condition) {
        return Census.count(database, tenant, "select count(*) from job where tenant_id = ? and " + condition);
    }

    long attempts(String outcome) {
        return Census.count(
                database,
                tenant,
                "select count(*) from job_attempt where tenant_id = ? and outcome = '" + outcome + "'");
    }

    long readyVideos() {
        return Census.count(database, tenant, "select count(*) from video where tenant_id = ? and state = 'READY'");
    }

    /** Hints that the broker has not confirmed. */
    long unpublished() {
        return Census.count(database, tenant, "select count(*) from outbox where tenant_id = ?");
    }

    JobState state(UUID job) {
        return view(job).state();
    }

    int attempt(UUID job) {
        return view(job).attempt();
    }

    private JobView view(UUID job) {
        return bed.ledger().find(tenant, job).orElseThrow();
    }
}
