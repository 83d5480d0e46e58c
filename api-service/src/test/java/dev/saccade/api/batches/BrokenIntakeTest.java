package dev.saccade.api.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.saccade.api.running.Answer;
import dev.saccade.api.running.Client;
import dev.saccade.api.running.RawConnection;
import dev.saccade.api.running.RunningApi;
import dev.saccade.ledger.tenants.Caller;
import dev.saccade.ledger.tenants.Role;
import dev.saccade.ledger.tenants.TenantLimits;
import dev.saccade.ledger.tenants.Tenants;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Intakes that end before their last line. */
final class BrokenIntakeTest {

    private static final int LINES = 1_200;
    private static final String BODY = lines(LINES);

    private final RunningApi api = RunningApi.get();
    private final UUID tenant = api.newTenantId();
    private final Client client = api.newClient(tenant, Role.ADMIN.scopes());
    private final JdbcTemplate sql = new JdbcTemplate(api.bean(DataSource.class));
    private final String key = UUID.randomUUID().toString();

    @Test
    void sameRequestGoesOnWhereItsConnectionBroke() {
        breakOff("Idempotency-Key: " + key + "\r\n");
        await().until(this::isFreeAgain);
        int before = jobs();

        Answer whole = submit(BODY);

        assertThat(before).isEqualTo(500);
        assertThat(whole.status()).as(whole.text("/detail")).isEqualTo(202);
        assertThat(whole.json().at("/lines").asLong()).isEqualTo(LINES);
        assertThat(jobs()).isEqualTo(LINES);
        assertThat(distinctIds(whole)).isEqualTo(LINES);
        assertThat(submit(BODY).text("/id")).as("once more").isEqualTo(whole.text("/id"));
        assertThat(jobs()).isEqualTo(LINES);
    }

    @Test
    void intakeOfAnInstanceThatWasKilledIsTakenOverWhenItHasBeenSilent() {
        breakOff("Idempotency-Key: " + key + "\r\n");
        await().until(this::isFreeAgain);
        sql.update("update batch set intake_until = now() + interval '1 minute' where tenant_id = ?", tenant);
        Answer early = submit(BODY);
        sql.update("update batch set intake_until = now() where tenant_id = ?", tenant);

        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("/code")).isEqualTo("idempotency-key-in-use");
        assertThat(submit(BODY).json().at("/jobs").asLong()).isEqualTo(LINES);
    }

    @Test
    void intakeThatNobodyComesBackToIsGivenUpAndTheBatchEnds() {
        breakOff("Idempotency-Key: " + key + "\r\n");
        await().until(this::isFreeAgain); // else the breaking connection writes its own time last
        sql.update("update batch set intake_until = now() - interval '2 hours' where tenant_id = ?", tenant);

        await().untilAsserted(() ->
                assertThat(client.get("/v1/batches").text("/data/0/error/code")).isEqualTo("intake-abandoned"));
        String id = client.get("/v1/batches").text("/data/0/id");
        endJobs();
        await().until(() -> client.get("/v1/batches/" + id).text("/state").equals("ended"));
        assertThat(submit(BODY).text("/id")).as("its key still names it").isEqualTo(id);
    }

    @Test
    void withoutAKeyTheBatchKeepsTheLinesThatCameAndSaysSo() {
        breakOff("");

        await().untilAsserted(() ->
                assertThat(client.get("/v1/batches").text("/data/0/error/code")).isEqualTo("intake-broken-off"));
        assertThat(client.get("/v1/batches").json().at("/data/0/jobs").asLong()).isEqualTo(500);
    }

    @Test
    void sameKeyWithOtherLinesIsRefused() {
        submit(lines(3));

        for (String other : new String[] {lines(2), lines(4), lines(3).replace("safe", "late")}) {
            assertThat(submit(other).text("/code")).isEqualTo("idempotency-key-reused");
        }
        assertThat(submit(lines(3)).header("Idempotent-Replayed")).isEqualTo("true");
        assertThat(jobs()).isEqualTo(3);
    }

    @Test
    void batchGoesOnWithItsKeyWhenTheQueueHasRoomAgain() {
        limit(700L);
        Answer refused = submit(BODY);
        int taken = jobs();
        limit(null);

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text("/code")).isEqualTo("queued-jobs-quota");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(taken).isEqualTo(500);
        assertThat(submit(BODY).json().at("/jobs").asLong()).isEqualTo(LINES);
        assertThat(jobs()).isEqualTo(LINES);
    }

    private void limit(@Nullable Long queuedJobs) {
        api.bean(Tenants.class)
                .limit(
                        tenant,
                        new TenantLimits(queuedJobs, null, null, null),
                        new Caller(tenant, null, "test", Set.of()));
    }

    /** Sends most of the lines and breaks the connection. */
    private void breakOff(String header) {
        String most = BODY.substring(0, BODY.length() - 100);
        String head = "POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + client.key()
                + "\r\nContent-Type: application/jsonl\r\n" + header + "Content-Length: " + BODY.length()
                + "\r\n\r\n" + most.substring(0, most.length() * 3 / 5);
        RawConnection.abandon(api.port(), head.getBytes(StandardCharsets.UTF_8));
    }

    private Answer submit(String lines) {
        return client.send(client.request("/v1/batches", "Content-Type", "application/jsonl", "Idempotency-Key", key)
                .POST(BodyPublishers.ofString(lines)));
    }

    /** All at once: a cancel takes a transaction for each. */
    @AfterEach
    void endJobs() {
        sql.update(
                "update job set state = 'CANCELLED', finished_at = clock_timestamp() where tenant_id = ? and state = 'QUEUED'",
                tenant);
    }

    private boolean isFreeAgain() {
        return !sql.queryForList(
                        "select id from batch where tenant_id = ? and lines = 500 and intake_until < now()",
                        UUID.class,
                        tenant)
                .isEmpty();
    }

    private int jobs() {
        Integer jobs = sql.queryForObject("select count(*) from job where tenant_id = ?", Integer.class, tenant);
        return jobs == null ? 0 : jobs;
    }

    private int distinctIds(Answer batch) {
        Integer ids = sql.queryForObject(
                "select count(distinct custom_id) from batch_item i join batch b on b.id = i.batch_id"
                        + " where tenant_id = ? and b.id = ?",
                Integer.class,
                tenant,
                UUID.fromString(batch.text("/id").substring(4)));
        return ids == null ? 0 : ids;
    }

    private static String lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> BatchTest.line("line-" + i, "Is it safe?"))
                .collect(Collectors.joining("\n"));
    }
}
