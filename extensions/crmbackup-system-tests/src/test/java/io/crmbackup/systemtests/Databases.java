package io.crmbackup.systemtests;

import io.crmbackup.testservers.TestDatabase;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.hsqldb.jdbc.JDBCDataSource;
import org.sqlite.SQLiteDataSource;

/** Small databases to test with. */
final class Databases {
    private Databases() {}

    static DataSource h2(Path directory, String name) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + directory.toAbsolutePath().resolve(name));
        database.setUser("sa");
        database.setPassword("");
        return database;
    }

    static DataSource sqlite(Path directory, String name) {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setJournalMode("WAL"); // readers and the writer don't block each other
        // Who waits for others that write all the time gets in by luck, which takes long on a busy machine.
        database.setBusyTimeout(60_000);
        database.setUrl("jdbc:sqlite:" + directory.toAbsolutePath().resolve(name + ".sqlite"));
        return database;
    }

    static DataSource hsqldb(Path directory, String name) {
        JDBCDataSource database = new JDBCDataSource();
        database.setUrl("jdbc:hsqldb:file:" + directory.toAbsolutePath().resolve(name) + ";hsqldb.tx=mvcc");
        database.setUser("SA");
        database.setPassword("");
        return database;
    }

    static DataSource derby(Path directory, String name) {
        String url = "jdbc:derby:memory:" + directory.toAbsolutePath().resolve(name) + ";create=true";
        // Derby's own data sources are in another artifact.
        return (DataSource) Proxy.newProxyInstance(
                Databases.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return DriverManager.getConnection(url);
                });
    }

    /** A table's name as the database itself writes it. */
    static String name(DataSource database, String table) {
        boolean asWritten = database instanceof SQLiteDataSource || database instanceof TestDatabase;
        return asWritten ? table : table.toUpperCase(Locale.ROOT);
    }

    /** 20 accounts, 100 contacts that refer to them, and a log without key in which rows repeat. */
    static void fill(DataSource database) throws SQLException {
        execute(
                database,
                "create table account (id integer not null primary key, name varchar(100) not null)",
                "create table contact (id integer not null primary key, account_id integer not null references account (id),"
                        + " email varchar(100), note varchar(8000))",
                "create table happening (what varchar(100), who varchar(20))");
        List<String> rows = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            rows.add("insert into account values (" + i + ", 'Account Ω" + i + "')");
        }
        for (int i = 1; i <= 100; i++) {
            String note = i % 10 == 0 ? "'" + "long ".repeat(1200) + i + "'" : i % 3 == 0 ? "null" : "'note " + i + "'";
            rows.add("insert into contact values (" + i + ", " + (1 + i % 20) + ", 'c" + i + "@example.org', " + note
                    + ")");
            rows.add("insert into happening values ('login', 'user" + i % 4 + "')");
        }
        execute(database, rows.toArray(String[]::new));
    }

    static void execute(DataSource database, String... statements) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    /** All rows of the three tables, or what there is instead of them. */
    static List<String> state(DataSource database) throws SQLException {
        List<String> state = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String query : List.of(
                    "select id, name, '', '' from account order by 1",
                    "select id, account_id, email, note from contact order by 1",
                    "select what, who, count(*), '' from happening group by what, who order by 1, 2")) {
                try (ResultSet rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        state.add(rows.getString(1) + "|" + rows.getString(2) + "|" + rows.getString(3) + "|"
                                + rows.getString(4));
                    }
                } catch (SQLException e) {
                    state.add("no table: " + query);
                }
            }
        }
        return state;
    }
}
