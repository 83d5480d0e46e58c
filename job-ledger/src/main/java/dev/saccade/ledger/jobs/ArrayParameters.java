package dev.saccade.ledger.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A statement's parameters in their order, each an array with one element for each row.
 *
 * @param <T> a row
 */
final class ArrayParameters<T> {

    private final PreparedStatement statement;
    private final Connection connection;
    private final List<T> rows;
    private int next = 1;

    ArrayParameters(PreparedStatement statement, List<T> rows) throws SQLException {
        this.statement = statement;
        this.connection = statement.getConnection();
        this.rows = rows;
    }

    void uuids(Function<T, UUID> value) throws SQLException {
        add("uuid", value);
    }

    void texts(Function<T, @Nullable String> value) throws SQLException {
        add("text", value);
    }

    void integers(Function<T, Integer> value) throws SQLException {
        add("int4", value);
    }

    void longs(Function<T, Long> value) throws SQLException {
        add("int8", value);
    }

    void times(Function<T, @Nullable Instant> value) throws SQLException {
        add("timestamptz", row -> {
            var time = value.apply(row);
            return time == null ? null : time.toString();
        });
    }

    /** Where the next parameter goes, which is none of these. */
    int next() {
        return next++;
    }

    private void add(String type, Function<T, ? extends @Nullable Object> value) throws SQLException {
        statement.setArray(
                next++, connection.createArrayOf(type, rows.stream().map(value).toArray()));
    }
}
