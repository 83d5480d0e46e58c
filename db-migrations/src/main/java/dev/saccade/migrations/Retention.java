package dev.saccade.migrations;

import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * How long partitions are kept after everything in them is over. The services drop them, but only the schema's owner says when.
 *
 * @param days by family; null for ever
 */
record Retention(Map<String, @Nullable Integer> days) {

    static final String JOBS = "SACCADE_KEEP_JOBS_DAYS";
    static final String AUDIT = "SACCADE_KEEP_AUDIT_DAYS";

    private static final String FOR_EVER = "forever";
    private static final int MOST_DAYS = 36_500;

    /**
     * What the environment says; what it doesn't name stays as it is.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    static Retention of(Map<String, String> environment) {
        Map<String, @Nullable Integer> days = new TreeMap<>();
        Map.of("jobs", JOBS, "audit", AUDIT).forEach((family, variable) -> {
            var text = environment.getOrDefault(variable, "").strip();
            if (!text.isEmpty()) {
                days.put(family, parse(variable, text));
            }
        });
        return new Retention(days);
    }

    private static @Nullable Integer parse(String variable, String text) {
        if (text.equals(FOR_EVER)) {
            return null;
        }
        try {
            int days = Integer.parseInt(text);
            if (days >= 1 && days <= MOST_DAYS) {
                return days;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(
                variable + " takes a number of days from 1 to " + MOST_DAYS + ", or " + FOR_EVER + ".");
    }

    void apply(DataSource owner) throws SQLException {
        for (var family : days.entrySet()) {
            try (var connection = owner.getConnection();
                    var rule = connection.prepareStatement(
                            "update partition_rule set keep = make_interval(days => ?) where family = ?")) {
                rule.setObject(1, family.getValue(), Types.INTEGER);
                rule.setString(2, family.getKey());
                rule.executeUpdate();
            }
        }
    }
}
