package io.crmbackup.jdbc.internal.mysql.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.DriverMethod;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** Hands a driver what LOAD DATA LOCAL reads, instead of a file. Both drivers have the same method for it. */
public final class LocalInfile {
    private static final List<String> STATEMENTS =
            List.of("org.mariadb.jdbc.Statement", "com.mysql.cj.jdbc.JdbcStatement");

    private LocalInfile() {}

    /** Whether the driver takes a stream, and the server lets clients send rows. */
    public static boolean isPossible(Connection connection) throws SQLException {
        if (!Dialect.strings(connection, "SELECT @@local_infile").get(0).equals("1")) {
            return false;
        }
        // Connector/J tells the server at the log-in already whether it will ever send a file.
        if (connection.getMetaData().getDriverName().startsWith("MySQL")
                && !connection.getMetaData().getURL().matches("(?i).*[?&]allowLoadLocalInfile=true\\b.*")) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            return setter(connection, statement).isPresent();
        }
    }

    /** Lets a statement read from a stream once. */
    static void set(Connection connection, Statement statement, InputStream rows) throws SQLException {
        setter(connection, statement).orElseThrow().call(rows);
    }

    private static Optional<DriverMethod> setter(Connection connection, Statement statement) throws SQLException {
        return DriverMethod.of(statement, connection, STATEMENTS, "setLocalInfileInputStream", InputStream.class);
    }
}
