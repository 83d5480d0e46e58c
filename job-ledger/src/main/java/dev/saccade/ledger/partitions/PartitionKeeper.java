package dev.saccade.ledger.partitions;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Has the database make partitions ahead of their time and drop those that its rules no longer keep. Any number of instances
 * may: one works at a time, each step is a transaction of its own, and none waits for a lock longer than half a second.
 */
public final class PartitionKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionKeeper.class);

    /** No lock within half a second; chosen to end a deadlock. */
    private static final Set<String> IN_USE = Set.of("55P03", "40P01");

    private final JdbcOperations jdbc;

    PartitionKeeper(JdbcOperations jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One step for each table, in the order in which partitions may go.
     *
     * @return whether anything was made or dropped, so that there may be more to do at once; false also where another
     *     instance is at it, or where a table was in use
     */
    public boolean keep() {
        boolean changed = false;
        for (var table : tables()) {
            changed |= step("select make_next_partition(?)", table, "Made the partition {}");
            changed |= step("select drop_oldest_partition(?)", table, "Dropped the partition {}, whose time is over");
        }
        return changed;
    }

    private List<String> tables() {
        return jdbc.query(
                "select t.name from partition_rule, unnest(tables) with ordinality as t (name, place)"
                        + " order by family, place",
                (row, number) -> Objects.requireNonNull(row.getString(1)));
    }

    private boolean step(String call, String table, String message) {
        try {
            var name = Optional.ofNullable(jdbc.queryForObject(call, String.class, table));
            name.ifPresent(partition -> LOG.info(message, partition));
            return name.isPresent();
        } catch (DataAccessException failure) {
            if (failure.getRootCause() instanceof SQLException e && IN_USE.contains(e.getSQLState())) {
                LOG.debug("{} is in use; the next round tries again", table);
                return false;
            }
            throw failure;
        }
    }
}
