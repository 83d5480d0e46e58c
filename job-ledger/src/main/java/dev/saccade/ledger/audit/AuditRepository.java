package dev.saccade.ledger.audit;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The statements on audit_event and audit_head. */
interface AuditRepository extends Repository<AuditEventEntity, UUID> {

    @Modifying
    @Query(
            nativeQuery = true,
            value = "insert into audit_head (tenant_id, seq, at, hash) values (:tenantId, 0, clock_timestamp(), :hash)"
                    + " on conflict (tenant_id) do nothing")
    void begin(UUID tenantId, byte[] hash);

    /** Locks the end of the chain until the transaction ends. Time never runs backwards along a chain. */
    @Query(
            nativeQuery = true,
            value = "select seq as seq, hash as hash,"
                    + " cast(extract(epoch from greatest(at, clock_timestamp())) * 1000000 as bigint) as nextMicros"
                    + " from audit_head where tenant_id = :tenantId for update")
    Optional<Head> lockHead(UUID tenantId);

    @Modifying
    @Query("update AuditHeadEntity h set h.seq = :seq, h.at = :at, h.hash = :hash where h.tenantId = :tenantId")
    int moveHead(UUID tenantId, long seq, java.time.Instant at, byte[] hash);

    @Query("select h from AuditHeadEntity h where h.tenantId = :tenantId")
    Optional<AuditHeadEntity> head(UUID tenantId);

    List<AuditEventEntity> findByTenantIdAndSeqGreaterThanOrderBySeq(UUID tenantId, long seq, Limit limit);

    /** Where a chain ends, and the time of its next event. */
    interface Head {
        Long getSeq();

        byte[] getHash();

        Long getNextMicros();
    }
}
