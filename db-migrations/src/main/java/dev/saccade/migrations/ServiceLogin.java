package dev.saccade.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** The log-in of the services: member of {@code saccade_service}, which may do what they do and no more. */
public final class ServiceLogin {

    private ServiceLogin() {}

    /**
     * Makes the log-in where there is none, sets its password, and gives it the role.
     *
     * @param owner a role that may create roles, after {@link Migrations#apply}
     * @throws SQLException where it may not, or the database can't be reached
     */
    public static void ensure(DataSource owner, String name, String password) throws SQLException {
        try (Connection connection = owner.getConnection()) {
            if (!exists(connection, name)) {
                execute(connection, "create role %I login", name, "");
            }
            execute(connection, "alter role %I login password %L", name, password);
            execute(connection, "grant saccade_service to %I", name, "");
        }
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        try (var query = connection.prepareStatement("select from pg_roles where rolname = ?")) {
            query.setString(1, name);
            return query.executeQuery().next();
        }
    }

    /** Statements about roles take no parameters: the server itself quotes them. */
    private static void execute(Connection connection, String format, String name, String value) throws SQLException {
        String statement;
        try (var quoted = connection.prepareStatement("select format(?, ?, ?)")) {
            quoted.setString(1, format);
            quoted.setString(2, name);
            quoted.setString(3, value);
            var row = quoted.executeQuery();
            row.next();
            statement = row.getString(1);
        }
        try (var change = connection.createStatement()) {
            change.execute(statement);
        }
    }
}
