package dev.saccade.ledger.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Chains what was written: takes the events of all transactions before the oldest that still runs, so that none can appear
 * among them later, and adds a segment to the chain of each tenant that has some. Events are ordered by their transaction's
 * number, then by id. One sealer works at a time; any number may try.
 */
public final class AuditSealer {

    /** Names the lock among the database's advisory locks. */
    private static final long LOCK = 0x5ACCADE_A0D17L;

    private final JdbcClient sql;
    private final JdbcOperations batches;
    private final TransactionTemplate alone;
    private volatile boolean adopted;

    AuditSealer(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        batches = jdbc;
        alone = new TransactionTemplate(transactions);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /**
     * Seals about so many events at most, in one transaction.
     *
     * @return how many were sealed; 0 also where another sealer is at work
     * @throws AuditClockException where the database counts transactions anew
     */
    public int seal(int limit) {
        return Objects.requireNonNull(alone.execute(status -> {
            if (!sql.sql("select pg_try_advisory_xact_lock(:lock)")
                    .param("lock", LOCK)
                    .query(Boolean.class)
                    .single()) {
                return 0;
            }
            return adoptOlder(limit) + sealNewer(limit);
        }));
    }

    /** Events of before there were seals, by id. */
    private int adoptOlder(int limit) {
        if (adopted) {
            return 0;
        }
        var events = sql.sql("select " + AuditEvent.COLUMNS + " from audit_event where txn is null and id > coalesce("
                        + "(select last_id from audit_seal where horizon = 0 order by last_id desc limit 1),"
                        + " '00000000-0000-0000-0000-000000000000') order by id limit :limit")
                .param("limit", limit)
                .query(AuditEvent::of)
                .list();
        adopted = events.isEmpty();
        append(events, 0);
        return events.size();
    }

    private int sealNewer(int limit) {
        long from = sql.sql("select coalesce(max(horizon), 0) from audit_seal")
                .query(Long.class)
                .single();
        long finished = sql.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint + shift from audit_clock")
                .query(Long.class)
                .single();
        if (finished < from) {
            throw new AuditClockException();
        }
        var events = read(from, finished, limit + 1);
        if (events.size() > limit) {
            // the last transaction may have more events than were read: it waits, unless it is the only one
            long last = events.getLast().txn();
            finished = events.getFirst().txn() == last ? last + 1 : last;
            events = finished > last ? read(last, finished, Integer.MAX_VALUE) : before(events, last);
        }
        append(events, finished);
        return events.size();
    }

    private List<AuditEvent> read(long from, long before, int limit) {
        return sql.sql("select " + AuditEvent.COLUMNS + " from audit_event where txn >= :from and txn < :before"
                        + " order by txn, id limit :limit")
                .param("from", from)
                .param("before", before)
                .param("limit", limit)
                .query(AuditEvent::of)
                .list();
    }

    private static List<AuditEvent> before(List<AuditEvent> events, long txn) {
        return events.stream().filter(event -> event.txn() < txn).toList();
    }

    private void append(List<AuditEvent> events, long horizon) {
        if (events.isEmpty()) {
            return;
        }
        var byTenant =
                events.stream().collect(Collectors.groupingBy(AuditEvent::tenantId, TreeMap::new, Collectors.toList()));
        var ends = ends(byTenant);
        var seals = new ArrayList<Object[]>();
        var moves = new ArrayList<Object[]>();
        byTenant.forEach((tenant, own) -> {
            var end = ends.getOrDefault(tenant, AuditChainEnd.none(tenant));
            var segment = AuditSegment.follow(tenant, end.segments() + 1, end.hash(), own);
            seals.add(row(segment, own, horizon));
            moves.add(new Object[] {tenant, segment.number(), (long) own.size(), segment.hash()});
        });
        batches.batchUpdate(
                "insert into audit_seal"
                        + " (tenant_id, segment, horizon, events, first_id, last_id, contents, previous_hash, hash)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                seals);
        batches.batchUpdate(
                "insert into audit_chain (tenant_id, segments, events, hash) values (?, ?, ?, ?)"
                        + " on conflict (tenant_id) do update set segments = excluded.segments,"
                        + " events = audit_chain.events + excluded.events, hash = excluded.hash",
                moves);
    }

    private static Object[] row(AuditSegment segment, List<AuditEvent> events, long horizon) {
        var ids = Comparator.comparing(UUID::toString);
        return new Object[] {
            segment.tenantId(),
            segment.number(),
            horizon,
            events.size(),
            events.stream().map(AuditEvent::id).min(ids).orElseThrow(),
            events.stream().map(AuditEvent::id).max(ids).orElseThrow(),
            segment.contents(),
            segment.previousHash(),
            segment.hash()
        };
    }

    private Map<UUID, AuditChainEnd> ends(Map<UUID, List<AuditEvent>> byTenant) {
        return sql
                .sql("select tenant_id, segments, hash from audit_chain where tenant_id = any(:tenants)")
                .param("tenants", byTenant.keySet().toArray(UUID[]::new))
                .query((row, number) ->
                        new AuditChainEnd(row.getObject(1, UUID.class), row.getLong(2), row.getBytes(3)))
                .stream()
                .collect(Collectors.toMap(AuditChainEnd::tenantId, Function.identity()));
    }
}
