package dev.saccade.ledger.jobs;

import dev.saccade.ledger.json.LedgerJson;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** A row of job. Columns of JSON hold what {@link LedgerJson} writes. Updates name only what changed. */
@Entity
@DynamicUpdate
@Table(name = "job")
class JobEntity {

    private static final TypeReference<java.util.List<String>> TAGS = new TypeReference<>() {};

    @Id
    UUID id;

    @Column(name = "tenant_id", updatable = false)
    UUID tenantId;

    @Column(updatable = false)
    String actor;

    @Enumerated(EnumType.STRING)
    @Column(updatable = false)
    Urgency urgency;

    @Enumerated(EnumType.STRING)
    JobState state;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    String request;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    String tags;

    int attempt;

    @Column(name = "failed_attempts")
    int failedAttempts;

    @Column(name = "max_attempts", updatable = false)
    int maxAttempts;

    @Column(name = "start_by", updatable = false)
    @Nullable
    Instant startBy;

    @Column(name = "finish_by", updatable = false)
    @Nullable
    Instant finishBy;

    @Column(name = "created_at", updatable = false)
    Instant createdAt;

    @Column(name = "started_at")
    @Nullable
    Instant startedAt;

    @Column(name = "finished_at")
    @Nullable
    Instant finishedAt;

    @Column(name = "cancel_requested")
    boolean cancelRequested;

    @JdbcTypeCode(SqlTypes.JSON)
    @Nullable
    String progress;

    @Column(name = "error_code")
    @Nullable
    String errorCode;

    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Column(name = "lease_token")
    @Nullable
    UUID leaseToken;

    @Column(name = "lease_until")
    @Nullable
    Instant leaseUntil;

    @Column(name = "worker_id")
    @Nullable
    String workerId;

    @Column(name = "hint_due_at")
    Instant hintDueAt;

    @Column(name = "hint_count")
    int hintCount;

    @Column(updatable = false)
    @Nullable
    String traceparent;

    @SuppressWarnings("NullAway.Init") // Hibernate or JobLedger fills it
    protected JobEntity() {}

    /** The only way to another state for a row that is locked. */
    void moveTo(JobState next, Instant now, @Nullable JobError error) {
        JobTransitions.require(state, next);
        state = next;
        leaseToken = null;
        leaseUntil = null;
        workerId = null;
        if (next.terminal()) {
            finishedAt = now;
        }
        if (error != null) {
            errorCode = error.code();
            errorMessage = error.message();
        }
    }

    boolean passed(@Nullable Instant deadline, Instant now) {
        return deadline != null && !deadline.isAfter(now);
    }

    JobRequest readRequest() {
        return LedgerJson.read(request, JobRequest.class);
    }

    JobView toView(@Nullable JobOutcome result) {
        return new JobView(
                id,
                tenantId,
                state,
                urgency,
                readRequest(),
                attempt,
                maxAttempts,
                createdAt,
                startedAt,
                finishedAt,
                startBy,
                finishBy,
                LedgerJson.read(tags, TAGS),
                cancelRequested,
                progress == null ? null : LedgerJson.read(progress, JobProgress.class),
                errorCode == null ? null : new JobError(errorCode, Objects.requireNonNull(errorMessage)),
                result);
    }
}
