package dev.saccade.ledger.usage;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads usage, exact at any time, and rolls its rows up. */
public final class Usage {

    /** Names the lock among the database's advisory locks. */
    private static final long LOCK = 0x5ACCADE_05A6EL;

    private static final String SUMS = "sum(succeeded) as succeeded, sum(unsuccessful) as unsuccessful,"
            + " sum(prompt_tokens) as prompt_tokens, sum(completion_tokens) as completion_tokens,"
            + " sum(device_millis) as device_millis, sum(uploaded_bytes) as uploaded_bytes";
    private static final String COLUMNS =
            "tenant_id, day, actor, succeeded, unsuccessful, prompt_tokens, completion_tokens, device_millis, uploaded_bytes";

    private final JdbcClient sql;
    private final TransactionTemplate alone;

    Usage(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        alone = new TransactionTemplate(transactions);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * By day and actor, in this order.
     *
     * @param from first day
     * @param to last day
     * @param limit most rows
     */
    public List<UsageRow> list(UUID tenantId, LocalDate from, LocalDate to, int limit) {
        return sql.sql("select day, actor, " + SUMS + " from ("
                        + "select " + COLUMNS + " from usage_day union all select " + COLUMNS + " from usage_event) u"
                        + " where tenant_id = :tenant and day between :from and :to"
                        + " group by day, actor order by day, actor limit :limit")
                .param("tenant", tenantId)
                .param("from", from)
                .param("to", to)
                .param("limit", limit)
                .query((row, number) -> new UsageRow(
                        row.getObject("day", LocalDate.class),
                        row.getString("actor"),
                        row.getLong("succeeded"),
                        row.getLong("unsuccessful"),
                        row.getLong("prompt_tokens"),
                        row.getLong("completion_tokens"),
                        row.getLong("device_millis"),
                        row.getLong("uploaded_bytes")))
                .list();
    }

    public QuotaUse now(UUID tenantId) {
        return sql.sql("""
                        select coalesce(sum(queued_jobs), 0) as queued, coalesce(sum(stored_bytes), 0) as stored,
                            (select coalesce(sum(tokens), 0) from (
                                select prompt_tokens + completion_tokens as tokens, day from usage_day
                                where tenant_id = :tenant
                                union all
                                select prompt_tokens + completion_tokens, day from usage_event
                                where tenant_id = :tenant) t
                            where day = (now() at time zone 'UTC')::date) as tokens
                        from tenant_counter where tenant_id = :tenant
                        """)
                .param("tenant", tenantId)
                .query((row, number) ->
                        new QuotaUse(row.getLong("queued"), row.getLong("stored"), row.getLong("tokens")))
                .single();
    }

    /**
     * Moves at most so many rows of usage into their days; one at a time does.
     *
     * @return how many; 0 also where another is at it
     */
    public int rollUp(int limit) {
        return Objects.requireNonNull(alone.execute(status -> {
            boolean mine = sql.sql("select pg_try_advisory_xact_lock(:lock)")
                    .param("lock", LOCK)
                    .query(Boolean.class)
                    .single();
            return mine ? move(limit) : 0;
        }));
    }

    private int move(int limit) {
        return sql.sql("with moved as (delete from usage_event"
                        + " where id in (select id from usage_event order by id limit :limit) returning " + COLUMNS
                        + "),"
                        + " added as (insert into usage_day (" + COLUMNS + ")"
                        + " select tenant_id, day, actor, " + SUMS + " from moved group by tenant_id, day, actor"
                        + " on conflict (tenant_id, day, actor) do update set"
                        + " succeeded = usage_day.succeeded + excluded.succeeded,"
                        + " unsuccessful = usage_day.unsuccessful + excluded.unsuccessful,"
                        + " prompt_tokens = usage_day.prompt_tokens + excluded.prompt_tokens,"
                        + " completion_tokens = usage_day.completion_tokens + excluded.completion_tokens,"
                        + " device_millis = usage_day.device_millis + excluded.device_millis,"
                        + " uploaded_bytes = usage_day.uploaded_bytes + excluded.uploaded_bytes)"
                        + " select count(*) from moved")
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }
}
