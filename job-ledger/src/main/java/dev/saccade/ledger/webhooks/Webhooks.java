package dev.saccade.ledger.webhooks;

import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import dev.saccade.ledger.json.StorableText;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A tenant's receivers and the log of what they were told. Every method is one transaction. */
public final class Webhooks {

    /** Most receivers of one tenant: each costs every job that ends a row. */
    public static final int MOST = 20;

    private static final int LONGEST_NAME = 200;

    private final JdbcOperations jdbc;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    Webhooks(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /** A receiver to register; its url has been checked, its secret is sealed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record New(
            UUID id,
            UUID tenantId,
            String actor,
            String url,
            @Nullable String description,
            List<WebhookEvent> events,
            boolean allJobs,
            byte[] secret) {}

    /** Empty where the tenant has {@link #MOST}. */
    public Optional<WebhookView> register(New receiver) {
        return inTransaction(() -> {
            jdbc.queryForList("select id from tenant where id = ? for update", UUID.class, receiver.tenantId());
            var count = jdbc.queryForObject(
                    "select count(*) from webhook where tenant_id = ?", Integer.class, receiver.tenantId());
            if (Objects.requireNonNull(count) >= MOST) {
                return Optional.empty();
            }
            jdbc.update(
                    "insert into webhook (id, tenant_id, actor, url, description, events, all_jobs, state, secret)"
                            + " values (?, ?, ?, ?, ?, ?, ?, 'ENABLED', ?)",
                    receiver.id(),
                    receiver.tenantId(),
                    StorableText.clip(receiver.actor(), LONGEST_NAME),
                    receiver.url(),
                    receiver.description(),
                    receiver.events().stream().map(WebhookEvent::text).toArray(String[]::new),
                    receiver.allJobs(),
                    receiver.secret());
            record(receiver.tenantId(), receiver.actor(), "webhook.registered", receiver.id());
            return find(receiver.tenantId(), receiver.id());
        });
    }

    /** The tenant's receiver; empty for an unknown id and for another tenant's. */
    public Optional<WebhookView> find(UUID tenantId, UUID id) {
        return jdbc
                .query("select * from webhook where tenant_id = ? and id = ?", WebhookRows::view, tenantId, id)
                .stream()
                .findFirst();
    }

    /** All of the tenant's, newest first. */
    public List<WebhookView> list(UUID tenantId) {
        return jdbc.query("select * from webhook where tenant_id = ? order by id desc", WebhookRows::view, tenantId);
    }

    /** Signs with this secret from now on, and with the one of before too until the overlap is over. */
    public Optional<WebhookView> rotate(UUID tenantId, UUID id, byte[] secret, Duration overlap, String actor) {
        return changed(
                tenantId,
                id,
                actor,
                "webhook.secret_rotated",
                "update webhook set previous_secret = secret, secret = ?,"
                        + " previous_until = clock_timestamp() + ? * interval '1 second' where tenant_id = ? and id = ?",
                secret,
                overlap.toSeconds());
    }

    /** Sends to it again what happens from now on. */
    public Optional<WebhookView> enable(UUID tenantId, UUID id, String actor) {
        return changed(
                tenantId,
                id,
                actor,
                "webhook.enabled",
                "update webhook set state = 'ENABLED', disabled_reason = null, failing_since = null"
                        + " where tenant_id = ? and id = ?");
    }

    private Optional<WebhookView> changed(
            UUID tenantId, UUID id, String actor, String action, String sql, Object... values) {
        return inTransaction(() -> {
            var all = new java.util.ArrayList<Object>(List.of(values));
            all.addAll(List.of(tenantId, id));
            if (jdbc.update(sql, all.toArray()) == 0) {
                return Optional.empty();
            }
            record(tenantId, actor, action, id);
            return find(tenantId, id);
        });
    }

    /** Deletes it with its log. False where the tenant has none such. */
    public boolean delete(UUID tenantId, UUID id, String actor) {
        return inTransaction(() -> {
            boolean deleted = jdbc.update("delete from webhook where tenant_id = ? and id = ?", tenantId, id) == 1;
            if (deleted) {
                record(tenantId, actor, "webhook.deleted", id);
            }
            return deleted;
        });
    }

    /**
     * What a receiver was told, newest first, with every attempt.
     *
     * @param after the last id of the page before; null for the first page
     */
    public List<DeliveryView> deliveries(UUID tenantId, UUID webhookId, @Nullable UUID after, int limit) {
        return withAttempts(jdbc.query(
                "select * from webhook_delivery where tenant_id = ? and webhook_id = ?"
                        + " and (cast(? as uuid) is null or id < ?) order by id desc limit ?",
                WebhookRows::delivery,
                tenantId,
                webhookId,
                after,
                after,
                limit));
    }

    /** Sends it once more, under the same id, and tries as long as with a new one. Empty where there is none such. */
    public Optional<DeliveryView> redeliver(UUID tenantId, UUID webhookId, UUID id, String actor) {
        return inTransaction(() -> {
            int changed = jdbc.update(
                    "update webhook_delivery set state = 'PENDING', ended_at = null, due_at = clock_timestamp(),"
                            + " give_up_at = clock_timestamp() + interval '24 hours'"
                            + " where tenant_id = ? and webhook_id = ? and id = ? and state <> 'PENDING'",
                    tenantId,
                    webhookId,
                    id);
            if (changed == 1) {
                record(tenantId, actor, "webhook.redelivered", webhookId);
            }
            return withAttempts(jdbc.query(
                            "select * from webhook_delivery where tenant_id = ? and webhook_id = ? and id = ?",
                            WebhookRows::delivery,
                            tenantId,
                            webhookId,
                            id))
                    .stream()
                    .findFirst();
        });
    }

    private List<DeliveryView> withAttempts(List<DeliveryView> deliveries) {
        var ids = deliveries.stream().map(DeliveryView::id).toArray(UUID[]::new);
        Map<UUID, List<DeliveryView.Attempt>> attempts = jdbc
                .query(
                        "select * from webhook_attempt where delivery_id = any(?) order by delivery_id, number",
                        (row, number) -> Map.entry(
                                row.getObject("delivery_id", UUID.class),
                                new DeliveryView.Attempt(
                                        row.getInt("number"),
                                        WebhookRows.time(row, "at"),
                                        row.getLong("millis"),
                                        row.getObject("status", Integer.class),
                                        row.getString("error"))),
                        (Object) ids)
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        return deliveries.stream()
                .map(delivery -> delivery.with(attempts.getOrDefault(delivery.id(), List.of())))
                .toList();
    }

    private void record(UUID tenantId, String actor, String action, UUID id) {
        var name = StorableText.clip(actor, LONGEST_NAME);
        audit.append(new AuditEntry(tenantId, name, action, "webhook", id, Map.of()));
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
