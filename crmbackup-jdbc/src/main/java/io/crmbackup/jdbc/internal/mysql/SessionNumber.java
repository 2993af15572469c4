package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.DriverMethod;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The numbers by which connections are told apart. */
final class SessionNumber {
    private static final List<String> MARIADB = List.of("org.mariadb.jdbc.Connection");
    private static final List<String> MYSQL = List.of("com.mysql.cj.MysqlConnection");

    private SessionNumber() {}

    /** The server's, by which it is told to end a connection. */
    static String ofServer(Connection connection) throws SQLException {
        return Dialect.strings(connection, "SELECT CONNECTION_ID()").get(0);
    }

    /**
     * The driver's, which doesn't ask the server: while rows are read over a connection, a driver would take all of them into memory first. Through a proxy it is
     * not the server's. Other drivers than the two of MariaDB and MySQL ask.
     */
    static String ofDriver(Connection connection) throws SQLException {
        Optional<DriverMethod> known = DriverMethod.of(connection, connection, MARIADB, "getThreadId");
        if (known.isEmpty()) {
            known = DriverMethod.of(connection, connection, MYSQL, "getId");
        }
        return known.isPresent() ? known.get().call().toString() : ofServer(connection);
    }
}
