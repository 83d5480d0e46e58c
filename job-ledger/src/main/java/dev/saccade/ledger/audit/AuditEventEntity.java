package dev.saccade.ledger.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A row of audit_event as it is written; its time and its transaction's number are the database's defaults. */
@Entity
@Immutable
@Table(name = "audit_event")
class AuditEventEntity {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    String actor;
    String action;

    @Column(name = "subject_type")
    String subjectType;

    @Column(name = "subject_id")
    UUID subjectId;

    String detail;

    @SuppressWarnings("NullAway.Init") // Hibernate or AuditLog fills it
    protected AuditEventEntity() {}
}
