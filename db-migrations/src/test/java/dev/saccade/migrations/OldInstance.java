package dev.saccade.migrations;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A service of the first release: takes jobs through their whole life with that release's statements, kept prepared on one
 * connection, until it is told to stop.
 */
final class OldInstance implements AutoCloseable {

    private final DataSource database;
    private final UUID tenant;
    private final List<UUID> finished = new ArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(3);
    private final Thread thread = Thread.ofPlatform().unstarted(this::serve);
    private volatile boolean stopping;
    private volatile @Nullable SQLException failure;

    OldInstance(DataSource database, UUID tenant) {
        this.database = database;
        this.tenant = tenant;
    }

    /** Returns when the first jobs are through. */
    OldInstance start() throws InterruptedException {
        thread.start();
        begun.await();
        return this;
    }

    /** Jobs that succeeded; throws what any statement threw. */
    List<UUID> stop() throws InterruptedException, SQLException {
        stopping = true;
        thread.join();
        var met = failure;
        if (met != null) {
            throw met;
        }
        return finished;
    }

    private void serve() {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            var life = new Life(connection, tenant);
            while (!stopping) {
                finished.add(life.ofOneJob());
                begun.countDown();
            }
        } catch (SQLException e) {
            failure = e;
            while (begun.getCount() > 0) {
                begun.countDown();
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
    }

    /** The statements, as Hibernate wrote them. */
    private static final class Life {

        private final Connection connection;
        private final UUID tenant;
        private final PreparedStatement hint;
        private final PreparedStatement submit;
        private final PreparedStatement audit;
        private final PreparedStatement claim;
        private final PreparedStatement read;
        private final PreparedStatement begin;
        private final PreparedStatement heartbeat;
        private final PreparedStatement finish;
        private final PreparedStatement end;
        private final PreparedStatement result;

        Life(Connection connection, UUID tenant) throws SQLException {
            this.connection = connection;
            this.tenant = tenant;
            hint = connection.prepareStatement(
                    "insert into outbox (attempt, job_id, payload, published_at, routing_key,"
                            + " tenant_id, id) values (1, ?, '{}', null, 'standard', ?, ?)");
            submit = connection.prepareStatement("insert into job (actor, attempt, cancel_requested, created_at,"
                    + " error_code, error_message, failed_attempts, finish_by, finished_at, hint_count, hint_due_at,"
                    + " lease_token, lease_until, max_attempts, progress, request, start_by, started_at, state, tags,"
                    + " tenant_id, urgency, worker_id, id) values ('key', 1, false, now(), null, null, 0, null, null, 1,"
                    + " now() + interval '5 minutes', null, null, 3, null, '{}', null, null, 'QUEUED', '[]', ?,"
                    + " 'STANDARD', null, ?)");
            audit = connection.prepareStatement(
                    "insert into audit_event (action, actor, detail, subject_id, subject_type,"
                            + " tenant_id, id) values ('job.submitted', 'key', '{}', ?, 'job', ?, ?)");
            claim = connection.prepareStatement("update job set state = 'RUNNING', lease_token = ?, worker_id = 'old',"
                    + " progress = null, lease_until = clock_timestamp() + interval '60 seconds', started_at ="
                    + " coalesce(started_at, clock_timestamp()) where id = ? and attempt = 1 and state = 'QUEUED'"
                    + " and (queue_deadline is null or queue_deadline > clock_timestamp())");
            read = connection.prepareStatement("select * from job where id = ?");
            begin = connection.prepareStatement(
                    "insert into job_attempt (attempt, error_code, error_message, job_id,"
                            + " lease_token, outcome, tenant_id, worker_id, id) values (1, null, null, ?, ?, null, ?, 'old', ?)");
            heartbeat = connection.prepareStatement(
                    "update job set lease_until = clock_timestamp() + interval '60 seconds',"
                            + " progress = '{}' where id = ? and tenant_id = ? and attempt = 1 and lease_token = ?"
                            + " and state = 'RUNNING' returning cancel_requested");
            finish = connection.prepareStatement("update job set state = 'SUCCEEDED', finished_at = clock_timestamp(),"
                    + " lease_token = null, lease_until = null, worker_id = null where id = ? and tenant_id = ?"
                    + " and attempt = 1 and lease_token = ? and state = 'RUNNING'");
            end = connection.prepareStatement(
                    "update job_attempt set ended_at = clock_timestamp(), outcome = 'SUCCEEDED'"
                            + " where job_id = ? and attempt = 1 and tenant_id = ? and outcome is null");
            result = connection.prepareStatement(
                    "insert into job_result (answer, attempt, completion_tokens, engine_version,"
                            + " finish_reason, frames, model_fingerprint, model_name, prompt_tokens, reasoning, sampling, seed,"
                            + " tenant_id, text, timings, visual_tokens, warnings, job_id) values ('yes', 1, 1, 'e', 'stop', '[]',"
                            + " 'f', 'm', 1, null, '{}', 1, ?, 'yes', '{}', 0, '[]', ?)");
        }

        UUID ofOneJob() throws SQLException {
            var job = newId();
            var lease = UUID.randomUUID();
            once(submit, tenant, job);
            once(hint, job, tenant, newId());
            once(audit, job, tenant, newId());
            connection.commit();
            once(claim, lease, job);
            read.setObject(1, job);
            try (ResultSet rows = read.executeQuery()) {
                if (!rows.next() || !rows.getString("state").equals("RUNNING")) {
                    throw new SQLException("job " + job + " was not found RUNNING");
                }
            }
            once(begin, job, lease, tenant, newId());
            once(audit, job, tenant, newId());
            connection.commit();
            once(heartbeat, job, tenant, lease);
            connection.commit();
            once(finish, job, tenant, lease);
            once(end, job, tenant);
            once(result, tenant, job);
            once(audit, job, tenant, newId());
            connection.commit();
            return job;
        }

        private static void once(PreparedStatement statement, Object... values) throws SQLException {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            boolean rows = statement.execute();
            int touched = 0;
            if (rows) {
                try (ResultSet answer = statement.getResultSet()) {
                    while (answer.next()) {
                        touched++;
                    }
                }
            } else {
                touched = statement.getUpdateCount();
            }
            if (touched != 1) {
                throw new SQLException("touched " + touched + " rows: " + statement);
            }
        }
    }

    /** A UUIDv7. */
    static UUID newId() {
        long random = ThreadLocalRandom.current().nextLong();
        return new UUID(
                System.currentTimeMillis() << 16 | 0x7000 | random & 0xFFF,
                ThreadLocalRandom.current().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    }
}
