package io.crmbackup.bench.database;

import io.crmbackup.testservers.PlainDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** New connections by a JDBC URL that holds all that is needed, user and password included. */
record DriverDataSource(String url) implements PlainDataSource {
    @Override
    public Connection getConnection() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    @Override
    public String toString() {
        return "a database";
    }
}
