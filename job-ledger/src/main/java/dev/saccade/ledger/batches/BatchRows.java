package dev.saccade.ledger.batches;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads rows of batch. */
final class BatchRows {

    private BatchRows() {}

    static BatchView view(ResultSet row, int number) throws SQLException {
        return new BatchView(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                BatchState.valueOf(row.getString("state")),
                row.getLong("lines"),
                row.getLong("accepted"),
                row.getLong("rejected"),
                row.getString("error_code"),
                row.getString("error_message"),
                Objects.requireNonNull(time(row, "created_at")),
                time(row, "ended_at"),
                new BatchCounts(
                        0,
                        0,
                        row.getLong("succeeded"),
                        row.getLong("failed"),
                        row.getLong("cancelled"),
                        row.getLong("expired")),
                source(row));
    }

    private static @Nullable BatchSource source(ResultSet row) throws SQLException {
        UUID file = row.getObject("input_file_id", UUID.class);
        return file == null ? null : new BatchSource(file, row.getString("endpoint"), row.getString("metadata"));
    }

    static Intake intake(ResultSet row, UUID token) throws SQLException {
        return new Intake(
                row.getObject("id", UUID.class),
                row.getObject("tenant_id", UUID.class),
                token,
                row.getLong("lines"),
                row.getBytes("digest"),
                row.getString("idempotency_key") != null);
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
