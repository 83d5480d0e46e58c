package dev.saccade.ledger.prompts;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.json.StorableText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A tenant's own prompts. What is deleted is found no more, but keeps its number. Every change is one transaction. */
public final class TenantPrompts {

    /** Most versions of all prompts of one tenant. */
    public static final int MOST = 500;

    private static final int LONGEST_NAME = 200;

    private final JdbcOperations jdbc;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    TenantPrompts(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Adds the next version of a name.
     *
     * @param definition writes the definition for the version's number
     * @return empty where the tenant has {@link #MOST}
     */
    public Optional<StoredPrompt> add(UUID tenantId, String actor, String name, IntFunction<String> definition) {
        return Objects.requireNonNull(transaction.execute(status -> {
            jdbc.queryForList("select id from tenant where id = ? for update", UUID.class, tenantId);
            Integer count = jdbc.queryForObject(
                    "select count(*) from prompt where tenant_id = ? and deleted_at is null", Integer.class, tenantId);
            if (Objects.requireNonNull(count) >= MOST) {
                return Optional.empty();
            }
            int version = Objects.requireNonNull(jdbc.queryForObject(
                    "select coalesce(max(version), 0) + 1 from prompt where tenant_id = ? and name = ?",
                    Integer.class,
                    tenantId,
                    name));
            UUID id = UuidCreator.getTimeOrderedEpoch();
            String by = StorableText.clip(actor, LONGEST_NAME);
            jdbc.update(
                    "insert into prompt (id, tenant_id, name, version, actor, definition) values (?, ?, ?, ?, ?, ?)",
                    id,
                    tenantId,
                    name,
                    version,
                    by,
                    definition.apply(version));
            audit.append(new AuditEntry(
                    tenantId, by, "prompt.defined", "prompt", id, Map.of("name", name, "version", version)));
            return find(tenantId, name, version);
        }));
    }

    /** @param version null for the newest */
    public Optional<StoredPrompt> find(UUID tenantId, String name, @Nullable Integer version) {
        return jdbc
                .query(
                        "select * from prompt where tenant_id = ? and name = ? and deleted_at is null"
                                + " and (cast(? as integer) is null or version = ?) order by version desc limit 1",
                        TenantPrompts::row,
                        tenantId,
                        name,
                        version,
                        version)
                .stream()
                .findFirst();
    }

    /** Every version of the tenant's, by name and version. */
    public List<StoredPrompt> list(UUID tenantId) {
        return jdbc.query(
                "select * from prompt where tenant_id = ? and deleted_at is null order by name, version",
                TenantPrompts::row,
                tenantId);
    }

    /**
     * Deletes one version, or all of a name.
     *
     * @return whether there were any
     */
    public boolean delete(UUID tenantId, String actor, String name, @Nullable Integer version) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            List<UUID> deleted = jdbc.query(
                    "update prompt set deleted_at = clock_timestamp() where tenant_id = ? and name = ?"
                            + " and deleted_at is null and (cast(? as integer) is null or version = ?) returning id",
                    (row, number) -> row.getObject(1, UUID.class),
                    tenantId,
                    name,
                    version,
                    version);
            String by = StorableText.clip(actor, LONGEST_NAME);
            deleted.forEach(id ->
                    audit.append(new AuditEntry(tenantId, by, "prompt.deleted", "prompt", id, Map.of("name", name))));
            return !deleted.isEmpty();
        }));
    }

    private static StoredPrompt row(ResultSet row, int number) throws SQLException {
        return new StoredPrompt(
                row.getString("name"),
                row.getInt("version"),
                row.getString("definition"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
