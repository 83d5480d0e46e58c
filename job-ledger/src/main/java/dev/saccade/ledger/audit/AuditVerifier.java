package dev.saccade.ledger.audit;

import dev.saccade.ledger.audit.AuditVerification.Broken;
import dev.saccade.ledger.audit.AuditVerification.Intact;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Walks a tenant's chain and recomputes every hash. It finds events and segments that were changed, removed, put in or put
 * into another order; it can't find that somebody with the database owner's rights has rewritten everything from some event
 * to the end: for that, note heads elsewhere and compare.
 */
public final class AuditVerifier {

    private static final int SEGMENTS = 20;
    private static final int EVENTS = 1_000;

    private final JdbcClient sql;
    private final TransactionTemplate snapshot;

    AuditVerifier(JdbcOperations jdbc, PlatformTransactionManager transactions) {
        sql = JdbcClient.create(jdbc);
        snapshot = new TransactionTemplate(transactions);
        snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        snapshot.setReadOnly(true);
        // what is sealed meanwhile must not look like a wrong end
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    }

    /** Reads the whole chain, some segments at a time. */
    public AuditVerification verify(UUID tenantId) {
        return Objects.requireNonNull(snapshot.execute(status -> new Walk(tenantId).run()));
    }

    private final class Walk {

        private final UUID tenantId;
        private final UUID keptFrom;
        private long segments;
        private long events;
        private long expired;
        private long kept;
        private byte[] hash = AuditHash.genesis();

        Walk(UUID tenantId) {
            this.tenantId = tenantId;
            keptFrom =
                    sql.sql("select from_id from audit_kept").query(UUID.class).single();
        }

        AuditVerification run() {
            while (true) {
                var page = sql.sql("select tenant_id, segment, contents, previous_hash, hash from audit_seal"
                                + " where tenant_id = :tenant and segment > :after order by segment limit :limit")
                        .param("tenant", tenantId)
                        .param("after", segments)
                        .param("limit", SEGMENTS)
                        .query(AuditSegment::of)
                        .list();
                for (var segment : page) {
                    var broken = check(segment);
                    if (broken != null) {
                        return broken;
                    }
                }
                if (page.size() < SEGMENTS) {
                    return end();
                }
            }
        }

        private @Nullable Broken check(AuditSegment segment) {
            segments++;
            if (segment.number() != segments) {
                return new Broken(segments, null, "Segment " + segments + " is missing.");
            }
            if (!Arrays.equals(segment.previousHash(), hash) || !Arrays.equals(segment.hash(), segment.recomputed())) {
                return new Broken(segments, null, "Segment " + segments + " is not what was sealed.");
            }
            hash = segment.hash();
            events += segment.events();
            for (int from = 0; from < segment.events(); from += EVENTS) {
                var broken = check(segment, from, Math.min(segment.events(), from + EVENTS));
                if (broken != null) {
                    return broken;
                }
            }
            return null;
        }

        private @Nullable Broken check(AuditSegment segment, int from, int to) {
            var found = byId(IntStream.range(from, to).mapToObj(segment::id).toList());
            for (int i = from; i < to; i++) {
                var id = segment.id(i);
                var event = found.get(id);
                boolean mayBeGone = id.toString().compareTo(keptFrom.toString()) < 0; // the database's order
                kept += mayBeGone ? 0 : 1;
                if (event == null) {
                    if (!mayBeGone) {
                        return new Broken(segments, id, "Event " + id + " is missing.");
                    }
                    expired++;
                } else if (!Arrays.equals(event.digest(), segment.digest(i))) {
                    return new Broken(segments, id, "Event " + id + " is not what was written.");
                }
            }
            return null;
        }

        private Map<UUID, AuditEvent> byId(List<UUID> ids) {
            return sql
                    .sql("select " + AuditEvent.COLUMNS
                            + " from audit_event where tenant_id = :tenant and id = any(:ids)")
                    .param("tenant", tenantId)
                    .param("ids", ids.toArray(UUID[]::new))
                    .query(AuditEvent::of)
                    .stream()
                    .collect(Collectors.toMap(AuditEvent::id, Function.identity()));
        }

        private AuditVerification end() {
            var end = sql.sql("select tenant_id, segments, hash from audit_chain where tenant_id = :tenant")
                    .param("tenant", tenantId)
                    .query((row, number) -> new AuditChainEnd(tenantId, row.getLong("segments"), row.getBytes("hash")))
                    .optional()
                    .orElseGet(() -> AuditChainEnd.none(tenantId));
            if (end.segments() != segments || !Arrays.equals(end.hash(), hash)) {
                return new Broken(
                        segments + 1,
                        null,
                        "The chain ends after segment " + segments + ", but " + end.segments() + " were sealed.");
            }
            return compareWithTheLog();
        }

        /** Every event is sealed, or of a transaction that no sealer has seen. */
        private AuditVerification compareWithTheLog() {
            return sql.sql("""
                            with sealed as (
                                select coalesce(max(horizon), 0) as horizon,
                                    coalesce((select last_id from audit_seal where horizon = 0
                                        order by last_id desc limit 1), '00000000-0000-0000-0000-000000000000') as older
                                from audit_seal)
                            select count(*) filter (where txn < horizon or txn is null and id <= older) as settled,
                                count(*) filter (where txn >= horizon or txn is null and id > older) as pending
                            from audit_event, sealed where tenant_id = :tenant and id >= :kept
                            """)
                    .param("tenant", tenantId)
                    .param("kept", keptFrom)
                    .query((row, number) -> judge(row.getLong("settled"), row.getLong("pending")))
                    .single();
        }

        private AuditVerification judge(long settled, long pending) {
            return settled > kept
                    ? new Broken(segments, null, (settled - kept) + " events were put in that no segment has.")
                    : new Intact(
                            segments, events, expired, pending, HexFormat.of().formatHex(hash));
        }
    }
}
