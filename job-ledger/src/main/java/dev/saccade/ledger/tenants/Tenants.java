package dev.saccade.ledger.tenants;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who the data belongs to. What the platform does to a tenant is audited with the tenant, and, where another tenant's key did
 * it, with that one too.
 */
public final class Tenants {

    private final JdbcClient sql;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    Tenants(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /** The tenant of this name (1 to 200 characters), created where there is none. */
    public UUID ensure(String name) {
        return inTransaction(() -> idOf(name)
                .orElseGet(() -> insert(name, TenantLimits.DEFAULT, null)
                        .orElseGet(() -> idOf(name).orElseThrow()))); // another was faster
    }

    /** @throws NameTakenException where there is a tenant of this name */
    public TenantView create(String name, TenantLimits limits, Caller by) {
        return inTransaction(() -> {
            var id = insert(name, limits, by).orElseThrow(() -> new NameTakenException(name));
            return find(id).orElseThrow();
        });
    }

    private Optional<UUID> insert(String name, TenantLimits limits, @Nullable Caller by) {
        var id = UuidCreator.getTimeOrderedEpoch();
        int inserted = sql.sql("insert into tenant (id, name, max_queued_jobs, max_stored_bytes, max_tokens_per_day,"
                        + " max_requests_per_minute) values (:id, :name, :jobs, :bytes, :tokens, :requests)"
                        + " on conflict (name) do nothing")
                .param("id", id)
                .param("name", name)
                .param("jobs", limits.queuedJobs())
                .param("bytes", limits.storedBytes())
                .param("tokens", limits.tokensPerDay())
                .param("requests", limits.requestsPerMinute())
                .update();
        if (inserted == 0) {
            return Optional.empty();
        }
        record(id, by, "tenant.created", Map.of("name", name));
        return Optional.of(id);
    }

    /** Sets all limits at once; empty for an unknown tenant. */
    public Optional<TenantView> limit(UUID id, TenantLimits limits, Caller by) {
        return inTransaction(() -> {
            int changed = sql.sql("update tenant set max_queued_jobs = :jobs, max_stored_bytes = :bytes,"
                            + " max_tokens_per_day = :tokens, max_requests_per_minute = :requests where id = :id")
                    .param("jobs", limits.queuedJobs())
                    .param("bytes", limits.storedBytes())
                    .param("tokens", limits.tokensPerDay())
                    .param("requests", limits.requestsPerMinute())
                    .param("id", id)
                    .update();
            if (changed == 1) {
                var detail = new HashMap<String, Object>();
                detail.put("queued_jobs", limits.queuedJobs());
                detail.put("stored_bytes", limits.storedBytes());
                detail.put("tokens_per_day", limits.tokensPerDay());
                detail.put("requests_per_minute", limits.requestsPerMinute());
                record(id, by, "tenant.limited", detail);
            }
            return find(id);
        });
    }

    /**
     * Sets how long media is kept that gets ready from now on; what was promised to earlier uploads holds. Empty for an unknown
     * tenant.
     *
     * @param media at least a minute; null for ever
     */
    public Optional<TenantView> retain(UUID id, @Nullable Duration media, Caller by) {
        return inTransaction(() -> {
            var seconds = media == null ? null : media.toSeconds();
            int changed = sql.sql("update tenant set media_retention = cast(:seconds as bigint) * interval '1 second'"
                            + " where id = :id")
                    .param("seconds", seconds)
                    .param("id", id)
                    .update();
            if (changed == 1) {
                var detail = new HashMap<String, Object>();
                detail.put("media_seconds", seconds);
                record(id, by, "tenant.retention_set", detail);
            }
            return find(id);
        });
    }

    /** Closes a tenant to its keys and tokens, or opens it again; jobs that are queued still run. Empty for an unknown one. */
    public Optional<TenantView> suspend(UUID id, boolean suspended, Caller by) {
        return inTransaction(() -> {
            int changed = sql.sql("update tenant set suspended_at = case when :suspended then clock_timestamp() end"
                            + " where id = :id and (suspended_at is not null) <> :suspended")
                    .param("suspended", suspended)
                    .param("id", id)
                    .update();
            if (changed == 1) {
                record(id, by, suspended ? "tenant.suspended" : "tenant.resumed", Map.of());
            }
            return find(id);
        });
    }

    public Optional<TenantView> find(UUID id) {
        return sql.sql("select " + TenantView.COLUMNS + " from tenant where id = :id")
                .param("id", id)
                .query(TenantView::of)
                .optional();
    }

    public Optional<TenantView> named(String name) {
        return sql.sql("select " + TenantView.COLUMNS + " from tenant where name = :name")
                .param("name", name)
                .query(TenantView::of)
                .optional();
    }

    /**
     * All tenants, newest first.
     *
     * @param after the last id of the page before; null for the first page
     */
    public List<TenantView> list(@Nullable UUID after, int limit) {
        return sql.sql("select " + TenantView.COLUMNS + " from tenant" + (after == null ? "" : " where id < :after")
                        + " order by id desc limit :limit")
                .params(after == null ? Map.of("limit", limit) : Map.of("limit", limit, "after", after))
                .query(TenantView::of)
                .list();
    }

    private Optional<UUID> idOf(String name) {
        return sql.sql("select id from tenant where name = :name")
                .param("name", name)
                .query(UUID.class)
                .optional();
    }

    private void record(UUID id, @Nullable Caller by, String action, Map<String, ?> detail) {
        var actor = by == null ? "ledger" : "platform:" + by.actor();
        audit.append(new AuditEntry(id, actor, action, "tenant", id, detail));
        if (by != null && !by.tenantId().equals(id)) {
            audit.append(new AuditEntry(by.tenantId(), by.actor(), action, "tenant", id, detail));
        }
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
