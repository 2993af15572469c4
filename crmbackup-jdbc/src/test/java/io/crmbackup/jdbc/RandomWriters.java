package io.crmbackup.jdbc;

import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Some connections that write at random, in transactions with savepoints that stay open for long, and redefine and rewrite tables now and then. What can't be
 * done, because another one holds a lock or for a constraint, is undone with its transaction.
 */
final class RandomWriters implements AutoCloseable {
    private static final int KEYS = 300;
    private static final List<String> TABLES = List.of("number", "pair", "name", "visit", "mood");

    private final Random random;
    private final List<Writer> writers = new ArrayList<>();
    private int columns;

    RandomWriters(TestDatabase database, Random random) throws SQLException {
        this.random = random;
        database.execute(
                "CREATE TYPE feeling AS ENUM ('l0', 'other')",
                "CREATE TABLE number (id int PRIMARY KEY, value text, score numeric)",
                "CREATE TABLE pair (a int2, b int8, value text, PRIMARY KEY (b, a))",
                "CREATE TABLE name (id text PRIMARY KEY, value text)",
                "CREATE TABLE visit (id int, value text)",
                "CREATE TABLE mood (id uuid PRIMARY KEY, value text, feeling feeling)");
        for (int i = 0; i < 3; i++) {
            writers.add(new Writer(database.getConnection()));
        }
    }

    /** A connection, and what it has done in the transaction that is open. */
    private static final class Writer {
        private final Connection connection;
        private boolean holdsTables;
        private int savepoints;

        Writer(Connection connection) throws SQLException {
            this.connection = connection;
            execute("SET lock_timeout = '20ms'");
            connection.setAutoCommit(false);
        }

        void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        void end(boolean commit) throws SQLException {
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
            holdsTables = false;
            savepoints = 0;
        }
    }

    /** Writes something; fails only where the server is gone. */
    void step() throws SQLException {
        Writer writer = writers.get(random.nextInt(writers.size()));
        try {
            step(writer);
        } catch (SQLException e) {
            writer.end(false);
        }
    }

    /** Lets go of locks that keep others from reading; what else is open stays open. */
    void letRead() throws SQLException {
        for (Writer writer : writers) {
            if (writer.holdsTables) {
                writer.end(random.nextBoolean());
            }
        }
    }

    private void step(Writer writer) throws SQLException {
        int what = random.nextInt(100);
        String table = TABLES.get(random.nextInt(TABLES.size()));
        if (what < 30) {
            writer.execute("INSERT INTO " + table + " SELECT " + key(table) + ", 'v" + random.nextInt(9)
                    + "' FROM generate_series(" + random.nextInt(KEYS) + ", " + random.nextInt(KEYS)
                    + ") i ON CONFLICT DO NOTHING");
        } else if (what < 45) {
            writer.execute("UPDATE " + table + " SET value = 'u" + random.nextInt(9) + "' WHERE " + some());
        } else if (what < 55) {
            writer.execute("DELETE FROM " + table + " WHERE " + some());
        } else if (what < 57) {
            writer.execute("UPDATE number SET id = id + " + (random.nextInt(2 * KEYS) - KEYS) + " WHERE " + some());
        } else if (what < 59) {
            writer.execute("UPDATE mood SET feeling = (enum_range(NULL::feeling))[1] WHERE " + some());
        } else if (what < 60) {
            writer.execute(
                    "UPDATE number SET score = " + (random.nextBoolean() ? "1.0" : "1.000") + " WHERE " + some());
        } else if (what < 66) {
            writer.execute("SAVEPOINT s" + writer.savepoints++);
        } else if (what < 72 && writer.savepoints > 0) {
            writer.execute((random.nextBoolean() ? "RELEASE s" : "ROLLBACK TO s") + random.nextInt(writer.savepoints));
        } else if (what < 74) {
            writer.execute("SELECT * FROM " + table + " WHERE " + some() + " FOR UPDATE");
        } else if (what < 88) {
            writer.end(random.nextInt(4) > 0);
        } else if (what < 96) {
            redefine(writer, table);
        } else {
            writer.end(true);
            writer.connection.setAutoCommit(true);
            try {
                writer.execute(List.of("VACUUM ", "VACUUM FREEZE ", "ANALYZE ", "VACUUM FULL ")
                                .get(random.nextInt(4))
                        + table);
            } finally {
                writer.connection.setAutoCommit(false);
            }
        }
    }

    private void redefine(Writer writer, String table) throws SQLException {
        writer.holdsTables = true;
        switch (random.nextInt(5)) {
            case 0 ->
                writer.execute("DROP TABLE IF EXISTS pg_temp.kept; CREATE TEMP TABLE kept AS SELECT * FROM " + table
                        + "; TRUNCATE " + table + "; INSERT INTO " + table + " SELECT * FROM kept");
            case 1 ->
                writer.execute(
                        "ALTER TABLE " + table + " ADD COLUMN c" + columns++ + " text DEFAULT 'd" + columns + "'");
            case 2 -> writer.execute("ALTER TABLE " + table + " DROP COLUMN IF EXISTS c" + (columns - 1));
            case 3 ->
                writer.execute("DO $$ BEGIN EXECUTE format('ALTER TYPE feeling RENAME VALUE %L TO %L',"
                        + " (enum_range(NULL::feeling))[1], 'l" + random.nextInt() + "'); END $$");
            default -> writer.execute("DROP TABLE visit; CREATE TABLE visit (id int, value text)");
        }
    }

    private static String key(String table) {
        return switch (table) {
            case "pair" -> "i % 7, i";
            case "name" -> "'key ' || i";
            case "mood" -> "md5(i::text)::uuid";
            default -> "i";
        };
    }

    private String some() {
        return "pg_catalog.hashtext(ctid::text) % " + (2 + random.nextInt(60)) + " = 0";
    }

    @Override
    public void close() throws SQLException {
        for (Writer writer : writers) {
            writer.connection.close();
        }
    }
}
