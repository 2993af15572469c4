package io.crmbackup.jdbc;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.sql.DataSource;

/** Databases for tests. */
final class Databases {
    private Databases() {}

    /** An H2 database in memory, which lives as long as the process. */
    static DataSource h2() {
        return h2("mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
    }

    static DataSource h2File(Path file) {
        return h2("file:" + file.toAbsolutePath());
    }

    private static DataSource h2(String where) {
        return new DriverDataSource("jdbc:h2:" + where, "sa");
    }

    static DataSource sqlite(Path file) {
        return new DriverDataSource("jdbc:sqlite:" + file.toAbsolutePath(), "");
    }

    /** An HSQLDB database in memory, with this transaction mode: locks, mvlocks or mvcc. */
    static DataSource hsqldb(String mode) {
        return new DriverDataSource("jdbc:hsqldb:mem:" + UUID.randomUUID() + ";hsqldb.tx=" + mode, "SA");
    }

    /** A Derby database in memory, which lives as long as the process. */
    static DataSource derby() {
        return new DriverDataSource("jdbc:derby:memory:" + UUID.randomUUID() + ";create=true", "");
    }

    static void execute(DataSource source, String... statements) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static String query(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return String.join(",", Dialect.strings(connection, sql));
        }
    }
}
