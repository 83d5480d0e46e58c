package dev.saccade.ledger.idempotency;

import dev.saccade.ledger.json.LedgerJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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
            if (!taken(tenantId, key, fingerprint, null)) {
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

    /**
     * Takes the key for a request that is answered outside of any transaction: {@link #settle} or {@link #release} it.
     *
     * @param time after which the key can be taken by another request, because this one's instance must have died
     * @return the reservation, or the answer that was given to this key before
     * @throws KeyInUseException where the first request is still at work
     */
    public Reservation reserve(UUID tenantId, String key, Duration time) {
        Instant until = Instant.now().plus(time).truncatedTo(ChronoUnit.MICROS);
        if (taken(tenantId, key, null, Timestamp.from(until))) {
            return new Reservation.Free(tenantId, key, until);
        }
        return Objects.requireNonNull(sql.queryForObject(
                "select fingerprint, status, headers, body from idempotent_answer where tenant_id = ? and key = ?",
                (row, number) -> new Reservation.Answered(row.getBytes("fingerprint"), answer(row)),
                tenantId,
                key));
    }

    /** Keeps the answer, unless the reservation took so long that another request took the key. */
    public void settle(Reservation.Free reserved, byte[] fingerprint, FirstAnswer answer) {
        sql.update(
                "update idempotent_answer set fingerprint = ?, status = ?, headers = cast(? as jsonb), body = ?"
                        + " where tenant_id = ? and key = ? and reserved_until = ?",
                fingerprint,
                answer.status(),
                LedgerJson.write(answer.headers()),
                answer.body(),
                reserved.tenantId(),
                reserved.key(),
                Timestamp.from(reserved.until()));
    }

    /** Nothing was created: the key is as if it had never been used. */
    public void release(Reservation.Free reserved) {
        sql.update(
                "delete from idempotent_answer where tenant_id = ? and key = ? and reserved_until = ?",
                reserved.tenantId(),
                reserved.key(),
                Timestamp.from(reserved.until()));
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

    private boolean taken(UUID tenantId, String key, byte @Nullable [] fingerprint, @Nullable Timestamp reservedUntil) {
        try {
            return sql.update("""
                    insert into idempotent_answer (tenant_id, key, fingerprint, reserved_until, expires_at)
                    values (?, ?, ?, ?, clock_timestamp() + cast(? as bigint) * interval '1 second')
                    on conflict (tenant_id, key) do update
                    set fingerprint = excluded.fingerprint, reserved_until = excluded.reserved_until,
                        expires_at = excluded.expires_at, status = null, headers = null, body = null
                    where idempotent_answer.expires_at <= clock_timestamp()
                        or idempotent_answer.status is null and idempotent_answer.reserved_until <= clock_timestamp()
                    """, tenantId, key, fingerprint, reservedUntil, KEPT.toSeconds()) == 1;
        } catch (QueryTimeoutException waited) {
            throw new KeyInUseException(waited);
        }
    }

    private FirstAnswer stored(UUID tenantId, String key, byte[] fingerprint) {
        List<FirstAnswer> same = sql.query(
                "select status, headers, body from idempotent_answer"
                        + " where tenant_id = ? and key = ? and (fingerprint = ? or status is null)",
                (row, number) -> answer(row),
                tenantId,
                key,
                fingerprint);
        if (same.isEmpty()) {
            throw new KeyReusedException();
        }
        return same.getFirst();
    }

    /** @throws KeyInUseException where the key is only reserved */
    private static FirstAnswer answer(ResultSet row) throws SQLException {
        int status = row.getInt("status");
        if (row.wasNull()) {
            throw new KeyInUseException();
        }
        return new FirstAnswer(
                status,
                LedgerJson.read(Objects.requireNonNull(row.getString("headers")), HEADERS),
                Objects.requireNonNull(row.getString("body")));
    }
}
