package dev.saccade.ledger.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of audit_head: where a tenant's chain ends. */
@Entity
@Table(name = "audit_head")
class AuditHeadEntity {

    @Id
    @Column(name = "tenant_id")
    UUID tenantId;

    long seq;
    Instant at;
    byte[] hash;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected AuditHeadEntity() {}
}
