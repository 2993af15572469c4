package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What a database says of itself, for tables and programs that don't say otherwise.
 *
 * @param name in quotes
 * @param characters its character set
 * @param collation how its text compares
 * @param comment what is said of it, as a string in quotes; empty if nothing is
 */
record DatabaseDefaults(String name, String characters, String collation, String comment) {
    static DatabaseDefaults of(Connection connection, Dialect dialect) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT DATABASE(), @@character_set_database, @@collation_database")) {
            row.next();
            return new DatabaseDefaults(
                    dialect.quote(row.getString(1)), row.getString(2), row.getString(3), comment(connection));
        }
    }

    private static String comment(Connection connection) throws SQLException {
        List<String> columns = Dialect.strings(
                connection,
                "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = 'information_schema'"
                        + " AND TABLE_NAME = 'SCHEMATA' AND COLUMN_NAME = 'SCHEMA_COMMENT'");
        String comment = columns.isEmpty()
                ? ""
                : Dialect.strings(
                                connection,
                                "SELECT SCHEMA_COMMENT FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()")
                        .get(0);
        return comment.isEmpty() ? "" : "'" + comment.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** A statement that gives another database the same defaults. */
    String statement() {
        return "ALTER DATABASE CHARACTER SET " + characters + " COLLATE " + collation
                + (comment.isEmpty() ? "" : " COMMENT " + comment);
    }

    /** A definition that the server wrote, without the name of this database. */
    String leftOut(String definition) {
        return OwnName.leftOut(name, definition);
    }
}
