package dev.saccade.ledger.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads rows of webhook and of its deliveries. */
final class WebhookRows {

    private WebhookRows() {}

    static WebhookView view(ResultSet row, int number) throws SQLException {
        var events = (String[]) row.getArray("events").getArray();
        return new WebhookView(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                row.getString("url"),
                row.getString("description"),
                Arrays.stream(events).map(WebhookRows::event).toList(),
                row.getBoolean("all_jobs"),
                row.getString("disabled_reason"),
                optionalTime(row, "previous_until"),
                optionalTime(row, "failing_since"),
                time(row, "created_at"));
    }

    static DeliveryView delivery(ResultSet row, int number) throws SQLException {
        var state = DeliveryState.valueOf(row.getString("state"));
        return new DeliveryView(
                row.getObject("id", UUID.class),
                event(row.getString("event")),
                row.getObject("subject_id", UUID.class),
                state,
                state == DeliveryState.PENDING ? time(row, "due_at") : null,
                time(row, "created_at"),
                optionalTime(row, "ended_at"),
                List.of());
    }

    static WebhookEvent event(String text) {
        return WebhookEvent.parse(text).orElseThrow();
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(optionalTime(row, column));
    }

    static @Nullable Instant optionalTime(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
