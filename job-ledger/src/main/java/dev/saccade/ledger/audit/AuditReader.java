package dev.saccade.ledger.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads a tenant's events, a page at a time. A page that takes longer than ten seconds to find is given up. */
public final class AuditReader {

    private static final int LONGEST_SECONDS = 10;

    /** Ids hold the writer's time, events the database's: they differ by less than this. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    private final JdbcClient sql;

    AuditReader(DataSource database) {
        var jdbc = new JdbcTemplate(database);
        jdbc.setQueryTimeout(LONGEST_SECONDS);
        sql = JdbcClient.create(jdbc);
    }

    /**
     * @param after the last id of the page before; null for the first page
     * @throws org.springframework.dao.QueryTimeoutException where too much would have to be searched
     */
    public List<AuditEvent> newestFirst(UUID tenantId, AuditFilter filter, @Nullable UUID after, int limit) {
        return page(tenantId, filter, after, "<", "desc", limit);
    }

    /**
     * @param after the last id of the page before; null for the first page
     * @throws org.springframework.dao.QueryTimeoutException where too much would have to be searched
     */
    public List<AuditEvent> oldestFirst(UUID tenantId, AuditFilter filter, @Nullable UUID after, int limit) {
        return page(tenantId, filter, after, ">", "asc", limit);
    }

    private List<AuditEvent> page(
            UUID tenantId, AuditFilter filter, @Nullable UUID after, String beyond, String order, int limit) {
        var where = new StringBuilder(" where tenant_id = :tenant");
        Map<String, Object> values = new HashMap<>(Map.of("tenant", tenantId, "limit", limit));
        condition(where, values, "actor = :actor", "actor", filter.actor());
        condition(where, values, "action = :action", "action", filter.action());
        condition(where, values, "subject_id = :subject", "subject", filter.subjectId());
        condition(where, values, "id " + beyond + " :after", "after", after);
        if (filter.from() != null) {
            condition(where, values, "at >= :from", "from", time(filter.from()));
            condition(where, values, "id >= :least", "least", id(filter.from().minus(CLOCKS)));
        }
        if (filter.until() != null) {
            condition(where, values, "at < :until", "until", time(filter.until()));
            condition(where, values, "id < :most", "most", id(filter.until().plus(CLOCKS)));
        }
        return sql.sql("select " + AuditEvent.COLUMNS + " from audit_event" + where + " order by id " + order
                        + " limit :limit")
                .params(values)
                .query(AuditEvent::of)
                .list();
    }

    private static void condition(
            StringBuilder where, Map<String, Object> values, String condition, String name, @Nullable Object value) {
        if (value != null) {
            where.append(" and ").append(condition);
            values.put(name, value);
        }
    }

    private static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** The least id (UUIDv7) of a time. */
    private static UUID id(Instant time) {
        return new UUID(Math.max(0, time.toEpochMilli()) << 16, 0);
    }
}
