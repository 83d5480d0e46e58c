package dev.saccade.quickstart.bench.platform;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Fills the tables with jobs that are over, by SQL and without the triggers: as a platform that has run for long. */
final class FinishedJobs {

    private static final int AT_ONCE = 20_000;

    /** One job every 50 ms, from n of them ago until an hour ago; ids are of their times. */
    private static final String INSERT =
            """
            with made as materialized (
                select n, at, %1$s as id
                from (select n, now() - interval '1 hour' - (?::bigint - n) * interval '50 milliseconds' as at
                      from generate_series(?::bigint, ?::bigint) n) t
            ), jobs as (
                insert into job (id, tenant_id, actor, urgency, state, request, tags, attempt, max_attempts, created_at,
                    started_at, finished_at, hint_due_at)
                select id, ?, 'bench', 'STANDARD', 'SUCCEEDED', ?::jsonb, '["bench"]', 1, 3, at, at, at, at from made
            ), attempts as (
                insert into job_attempt (id, tenant_id, job_id, attempt, lease_token, worker_id, started_at, ended_at, outcome)
                select %1$s, ?, id, 1, gen_random_uuid(), 'bench', at, at, 'SUCCEEDED' from made
            ), results as (
                insert into job_result (job_id, tenant_id, attempt, text, reasoning, answer, finish_reason, prompt_tokens,
                    completion_tokens, visual_tokens, seed, sampling, frames, timings, warnings, model_name,
                    model_fingerprint, engine_version, created_at)
                select id, ?, 1, '<think>The path is clear.</think>Yes.', 'The path is clear.', 'Yes.', 'stop', 200, 24, 128, 1,
                    '{"n": 1, "temperature": 0}', '[]', '{"decode_millis": 1}', '[]', 'recorded', repeat('0', 64), 'bench', at
                from made
            ), words as (
                insert into job_words (job_id, part, tenant_id, words)
                select id, 'ASKED', ?, '''clear'':8 ''path'':3 ''robot'':7'::tsvector || array_to_tsvector(array['n' || n %% 100000])
                from made
            ), events as (
                insert into job_event (id, tenant_id, job_id, position, state, attempt, at)
                select %1$s, ?, id, position, state, 1, at
                from made, (values (0, 'QUEUED'), (1, 'RUNNING'), (2, 'SUCCEEDED')) as moves (position, state)
            )
            insert into audit_event (id, tenant_id, at, actor, action, subject_type, subject_id, detail, txn)
            select %1$s, ?, at, 'bench', action, 'job', id, '{}', 0
            from made, unnest(array['job.submitted', 'job.running', 'job.succeeded']) as action
            """.formatted("(left(first_id_at(at)::text, 14) || '7' || substr(gen_random_uuid()::text, 16))::uuid");

    private FinishedJobs() {}

    /**
     * Sealed audit events have to be there before, or the sealer would take these for new.
     *
     * @param owner may leave out triggers
     * @param jobs how many the tenant has afterwards, with those that a run before has left in the same tables
     */
    static void insert(DataSource owner, UUID tenant, String request, long jobs, Consumer<String> progress)
            throws SQLException {
        try (Connection connection = owner.getConnection()) {
            execute(connection, "set session_replication_role = replica");
            execute(connection, "set synchronous_commit = off");
            long first = count(connection, tenant) + 1;
            if (first > jobs) {
                return;
            }
            for (long from = first; from <= jobs; from += AT_ONCE) {
                progress.accept("finished jobs: " + (from - 1) + " of " + jobs);
                insert(connection, tenant, request, jobs, from, Math.min(jobs, from + AT_ONCE - 1));
            }
            for (var table : List.of("job", "job_attempt", "job_result", "job_words", "job_event", "audit_event")) {
                progress.accept("finished jobs: vacuum of " + table);
                execute(connection, "vacuum (analyze) " + table);
            }
            execute(connection, "checkpoint");
        }
    }

    private static void insert(Connection connection, UUID tenant, String request, long jobs, long from, long to)
            throws SQLException {
        try (var statement = connection.prepareStatement(INSERT)) {
            statement.setLong(1, jobs);
            statement.setLong(2, from);
            statement.setLong(3, to);
            statement.setObject(4, tenant);
            statement.setString(5, request);
            for (int parameter = 6; parameter <= 10; parameter++) {
                statement.setObject(parameter, tenant);
            }
            statement.executeUpdate();
        }
    }

    private static long count(Connection connection, UUID tenant) throws SQLException {
        try (var statement = connection.prepareStatement("select count(*) from job where tenant_id = ?")) {
            statement.setObject(1, tenant);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
