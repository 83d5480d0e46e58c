package dev.saccade.ledger.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of job_attempt. Its start is the database's default. */
@Entity
@Table(name = "job_attempt")
class AttemptEntity {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    @Column(name = "job_id")
    UUID jobId;

    int attempt;

    @Column(name = "lease_token")
    UUID leaseToken;

    @Column(name = "worker_id")
    String workerId;

    @Column(name = "ended_at")
    @Nullable
    Instant endedAt;

    @Enumerated(EnumType.STRING)
    @Nullable
    AttemptOutcome outcome;

    @Column(name = "error_code")
    @Nullable
    String errorCode;

    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @SuppressWarnings("NullAway.Init") // Hibernate or JobLedger fills it
    protected AttemptEntity() {}
}
