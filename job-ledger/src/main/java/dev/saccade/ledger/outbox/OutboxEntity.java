package dev.saccade.ledger.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of outbox. Its creation time is the database's default. */
@Entity
@Table(name = "outbox")
class OutboxEntity {

    @Id
    UUID id;

    @Column(name = "tenant_id")
    UUID tenantId;

    @Column(name = "job_id")
    UUID jobId;

    int attempt;

    @Column(name = "routing_key")
    String routingKey;

    String payload;

    @Nullable
    String traceparent;

    @Column(name = "published_at")
    @Nullable
    Instant publishedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills it
    protected OutboxEntity() {}

    OutboxRow toRow() {
        return new OutboxRow(id, routingKey, jobId, attempt, payload, traceparent);
    }
}
