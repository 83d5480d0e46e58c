package dev.saccade.ledger.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A row of audit_event. */
@Entity
@Immutable
@Table(name = "audit_event")
class AuditEventEntity {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    long seq;
    Instant at;
    String actor;
    String action;

    @Column(name = "subject_type")
    String subjectType;

    @Column(name = "subject_id")
    UUID subjectId;

    String detail;

    @Column(name = "previous_hash")
    byte[] previousHash;

    byte[] hash;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected AuditEventEntity() {}
}
