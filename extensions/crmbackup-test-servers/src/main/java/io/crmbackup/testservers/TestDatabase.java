package io.crmbackup.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A database of a test. Each connection is a new one; the user may do everything and has no password. Safe for use by several threads. */
public final class TestDatabase implements PlainDataSource {
    private final String name;
    private final int port;
    private final String url;
    private final String user;

    TestDatabase(String name, int port, String url, String user) {
        this.name = name;
        this.port = port;
        this.url = url;
        this.user = user;
    }

    /** What the server calls it; the file's name for databases in files. */
    public String name() {
        return name;
    }

    /** Where the server listens on 127.0.0.1; 0 for databases in files. */
    public int port() {
        return port;
    }

    /** For {@link DriverManager}, with {@link #user()} and an empty password. */
    public String url() {
        return url;
    }

    /** The user's name. */
    public String user() {
        return user;
    }

    /** The same database by another URL: of another driver, or with options. */
    public TestDatabase at(String otherUrl) {
        return new TestDatabase(name, port, otherUrl, user);
    }

    /** Executes statements, each committed by itself, over one connection. */
    public void execute(String... statements) throws SQLException {
        try (Connection connection = getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The number that a query answers with in its first row and column; fails if there is no row. */
    public long number(String query) throws SQLException {
        try (Connection connection = getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            if (!rows.next()) {
                throw new SQLException("No row: " + query);
            }
            return rows.getLong(1);
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return DriverManager.getConnection(url, user, "");
    }

    @Override
    public Connection getConnection(String otherUser, String password) throws SQLException {
        return DriverManager.getConnection(url, otherUser, password);
    }

    @Override
    public String toString() {
        return url;
    }
}
