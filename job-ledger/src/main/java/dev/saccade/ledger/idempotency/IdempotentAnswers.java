package dev.saccade.ledger.idempotency;

import dev.saccade.ledger.json.LedgerJson;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;

/**
 * Runs what creates something once for each key of a tenant, whatever its clients repeat and however many instances they
 * ask at once. Key, creation and answer are one transaction, so that no crash parts them: a second request waits on the
 * key's row until the first has committed, and an attempt that failed leaves no trace.
 */
public final class IdempotentAnswers {

    /** How long an answer is kept. */
    public static final Duration KEPT = Duration.ofHours(24);

    private static final int LONGEST_WAIT_SECONDS = 5;
    private static final TypeReference<java.util.Map<String, String>> HEADERS = new TypeReference<>() {};

    private final JdbcTemplate sql;
    private final TransactionTemplate transaction;

    IdempotentAnswers(DataSource database, PlatformTransactionManager transactions) {
        sql = new JdbcTemplate(database);
        sql.setQueryTimeout(LONGEST_WAIT_SECONDS);
        transaction = new TransactionTemplate(transactions);
    }

    /** An answer, and whether it was given before. */
    public record Outcome(FirstAnswer answer, boolean repeated) {}

    /**
     * The first answer to this key: of {@code creation}, which runs inside the transaction, or the one that was stored.
     *
     * @param fingerprint SHA-256 of the request, 32 bytes
     * @throws KeyReusedException where the key's first request had another fingerprint
     * @throws KeyInUseException where the first request is still at work after five seconds
     */
    public Outcome once(UUID tenantId, String key, byte[] fingerprint, Supplier<FirstAnswer> creation) {
        return Objects.requireNonNull(transaction.execute(status -> {
            if (!take(tenantId, key, fingerprint)) {
                return new Outcome(stored(tenantId, key, fingerprint), true);
            }
            var answer = creation.get();
            sql.update(
                    "update idempotent_answer set status = ?, headers = cast(? as jsonb), body = ?"
                            + " where tenant_id = ? and key = ?",
                    answer.status(),
                    LedgerJson.write(answer.headers()),
                    answer.body(),
                    tenantId,
                    key);
            return new Outcome(answer, false);
        }));
    }

    /** Forgets answers that are older than {@link #KEPT}; returns how many, {@code limit} at most. */
    public int forget(int limit) {
        return sql.update("""
                delete from idempotent_answer
                where (tenant_id, key) in (
                    select tenant_id, key from idempotent_answer where expires_at <= now()
                    order by expires_at limit ? for update skip locked)
                """, limit);
    }

    private boolean take(UUID tenantId, String key, byte[] fingerprint) {
        try {
            return sql.update("""
                    insert into idempotent_answer (tenant_id, key, fingerprint, expires_at)
                    values (?, ?, ?, clock_timestamp() + cast(? as bigint) * interval '1 second')
                    on conflict (tenant_id, key) do update
                    set fingerprint = excluded.fingerprint, expires_at = excluded.expires_at,
                        status = null, headers = null, body = null
                    where idempotent_answer.expires_at <= clock_timestamp()
                    """, tenantId, key, fingerprint, KEPT.toSeconds()) == 1;
        } catch (QueryTimeoutException waited) {
            throw new KeyInUseException(waited);
        }
    }

    private FirstAnswer stored(UUID tenantId, String key, byte[] fingerprint) {
        List<FirstAnswer> same = sql.query(
                "select status, headers, body from idempotent_answer where tenant_id = ? and key = ? and fingerprint = ?",
                (row, number) -> new FirstAnswer(
                        row.getInt("status"),
                        LedgerJson.read(Objects.requireNonNull(row.getString("headers")), HEADERS),
                        Objects.requireNonNull(row.getString("body"))),
                tenantId,
                key,
                fingerprint);
        if (same.isEmpty()) {
            throw new KeyReusedException();
        }
        return same.getFirst();
    }
}
