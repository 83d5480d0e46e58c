package dev.saccade.ledger.webhooks;

import dev.saccade.ledger.audit.AuditEntry;
import dev.saccade.ledger.audit.AuditLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Messages that wait to be sent. Several API instances may send at once: each claims rows that no other has. */
public final class Deliveries {

    private static final int LOOKED_AT = 200;

    private final JdbcOperations jdbc;
    private final AuditLog audit;
    private final TransactionTemplate transaction;

    Deliveries(JdbcOperations jdbc, AuditLog audit, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.audit = audit;
        transaction = new TransactionTemplate(transactions);
    }

    /**
     * Claims messages whose time has come.
     *
     * @param busy receivers that get no more at the moment
     * @param each most messages to one receiver
     * @param hold for how long nobody else sends them
     */
    public List<DueDelivery> claim(int limit, int each, Collection<UUID> busy, Duration hold) {
        record Waiting(UUID id, UUID webhookId) {}
        var waiting = jdbc.query(
                "select d.id, d.webhook_id from webhook_delivery d join webhook w on w.id = d.webhook_id"
                        + " where d.state = 'PENDING' and d.due_at <= now() and w.state = 'ENABLED'"
                        + " and d.webhook_id <> all(?) order by d.due_at limit ?",
                (row, number) -> new Waiting(row.getObject(1, UUID.class), row.getObject(2, UUID.class)),
                busy.toArray(UUID[]::new),
                LOOKED_AT);
        Map<UUID, Integer> counts = new HashMap<>();
        var chosen = waiting.stream()
                .filter(delivery -> counts.merge(delivery.webhookId(), 1, Integer::sum) <= each)
                .map(Waiting::id)
                .limit(limit)
                .toArray(UUID[]::new);
        if (chosen.length == 0) {
            return List.of();
        }
        return jdbc.query(
                "update webhook_delivery d set attempts = attempts + 1,"
                        + " due_at = clock_timestamp() + ? * interval '1 millisecond'"
                        + " from webhook w where w.id = d.webhook_id and d.id in (select id from webhook_delivery"
                        + " where id = any(?) and state = 'PENDING' and due_at <= now() for update skip locked)"
                        + " returning d.id, d.tenant_id, d.webhook_id, w.url, d.event, d.subject_id, d.created_at, d.attempts,"
                        + " w.secret, case when w.previous_until > now() then w.previous_secret end as previous",
                (row, number) -> {
                    List<byte[]> secrets = new ArrayList<>(List.of(row.getBytes("secret")));
                    byte[] previous = row.getBytes("previous");
                    if (previous != null) {
                        secrets.add(previous);
                    }
                    return new DueDelivery(
                            row.getObject("id", UUID.class),
                            row.getObject("tenant_id", UUID.class),
                            row.getObject("webhook_id", UUID.class),
                            row.getString("url"),
                            WebhookRows.event(row.getString("event")),
                            row.getObject("subject_id", UUID.class),
                            WebhookRows.time(row, "created_at"),
                            row.getInt("attempts"),
                            secrets);
                },
                hold.toMillis(),
                chosen);
    }

    /**
     * What an attempt led to.
     *
     * @param status the receiver's answer; null where there was none
     * @param error why there was none
     */
    public record Outcome(
            long millis, @Nullable Integer status, @Nullable String error) {

        /** Whether the receiver has taken the message. */
        public boolean delivered() {
            return status != null && status >= 200 && status < 300;
        }

        /** The receiver wants no more messages. */
        boolean gone() {
            return status != null && status == 410;
        }
    }

    /**
     * Records an attempt: the message is delivered, or tried again after {@code pause}, or given up where it is too old. A receiver
     * that says 410, or that has taken nothing for {@code patience}, is disabled.
     */
    public void attempted(DueDelivery delivery, Outcome outcome, Duration pause, Duration patience) {
        transaction.executeWithoutResult(status -> {
            jdbc.update(
                    "insert into webhook_attempt (delivery_id, number, millis, status, error)"
                            + " select id, ?, ?, cast(? as integer), cast(? as text) from webhook_delivery where id = ?"
                            + " on conflict do nothing",
                    delivery.attempt(),
                    outcome.millis(),
                    outcome.status(),
                    outcome.error(),
                    delivery.id());
            if (outcome.delivered()) {
                end(delivery, "DELIVERED");
                jdbc.update(
                        "update webhook set failing_since = null where id = ? and failing_since is not null",
                        delivery.webhookId());
            } else {
                jdbc.update(
                        "update webhook_delivery set"
                                + " state = case when give_up_at <= clock_timestamp() then 'FAILED' else state end,"
                                + " ended_at = case when give_up_at <= clock_timestamp() then clock_timestamp() end,"
                                + " due_at = clock_timestamp() + ? * interval '1 millisecond'"
                                + " where id = ? and state = 'PENDING' and attempts = ?",
                        pause.toMillis(),
                        delivery.id(),
                        delivery.attempt());
                jdbc.update(
                        "update webhook set failing_since = clock_timestamp() where id = ? and failing_since is null",
                        delivery.webhookId());
                disableWhereItFails(delivery, outcome, patience);
            }
        });
    }

    private void end(DueDelivery delivery, String state) {
        jdbc.update(
                "update webhook_delivery set state = ?, ended_at = clock_timestamp() where id = ? and state = 'PENDING'",
                state,
                delivery.id());
    }

    private void disableWhereItFails(DueDelivery delivery, Outcome outcome, Duration patience) {
        int disabled = jdbc.update(
                "update webhook set state = 'DISABLED', disabled_reason = ? where id = ? and state = 'ENABLED'"
                        + " and (? or failing_since < clock_timestamp() - ? * interval '1 second')",
                outcome.gone() ? "gone" : "failing",
                delivery.webhookId(),
                outcome.gone(),
                patience.toSeconds());
        if (disabled == 1) {
            jdbc.update(
                    "update webhook_delivery set state = 'FAILED', ended_at = clock_timestamp()"
                            + " where webhook_id = ? and state = 'PENDING'",
                    delivery.webhookId());
            audit.append(new AuditEntry(
                    delivery.tenantId(),
                    "ledger",
                    "webhook.disabled",
                    "webhook",
                    delivery.webhookId(),
                    Map.of("reason", outcome.gone() ? "gone" : "failing")));
        }
    }

    /** Deletes messages that ended longer ago than this; returns how many, {@code limit} at most. */
    public int forget(Duration age, int limit) {
        return jdbc.update(
                "delete from webhook_delivery where id in (select id from webhook_delivery"
                        + " where state <> 'PENDING' and ended_at < now() - ? * interval '1 second'"
                        + " order by ended_at limit ? for update skip locked)",
                age.toSeconds(),
                limit);
    }

    /** Messages that wait, counted no further than 1,000. */
    public long pending() {
        return Objects.requireNonNull(jdbc.queryForObject(
                "select count(*) from (select 1 from webhook_delivery where state = 'PENDING' limit 1000) p",
                Long.class));
    }
}
