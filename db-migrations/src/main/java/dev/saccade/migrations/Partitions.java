package dev.saccade.migrations;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/** The first partitions; the services go on making them. */
final class Partitions {

    private Partitions() {}

    /** Makes those that are missing, each in a transaction of its own: two tables' locks at once would invite deadlocks. */
    static void makeAhead(DataSource owner) {
        for (var table : strings(owner, "select unnest(tables) from partition_rule")) {
            Migrations.patiently(() -> {
                while (strings(owner, "select make_next_partition('" + table + "')")
                                .getFirst()
                        != null) {
                    // until there are enough
                }
            });
        }
    }

    private static List<String> strings(DataSource owner, String query) {
        try (var connection = owner.getConnection();
                var rows = connection.createStatement().executeQuery(query)) {
            var all = new ArrayList<String>();
            while (rows.next()) {
                all.add(rows.getString(1));
            }
            return all;
        } catch (SQLException e) {
            throw new FlywayException("The next partitions could not be made: " + e.getMessage(), e);
        }
    }
}
