package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * What of a restore is done, kept in the database that is restored, in the table that marks it as unfinished. Each note is written in the
 * transaction of what it tells; what can't be undone is noted before as well. Step 0 is the restore itself. Thread-safe as long as each step is
 * one thread's.
 */
final class Journal {
    private static final String BEGUN = "begun";
    private static final String DONE = "done";

    private final String table;

    Journal(Dialect dialect) {
        this.table = dialect.quote(new TableName(dialect.defaultSchema(), Dialect.MARKER));
    }

    /**
     * What is noted of a step.
     *
     * @param state how far it is
     * @param rows rows that were written
     */
    record Note(String state, long rows) {
        static final Note NONE = new Note("", 0);

        boolean isBegun() {
            return state.equals(BEGUN);
        }

        boolean isDone() {
            return state.equals(DONE);
        }
    }

    void create(Connection connection) throws SQLException {
        Dialect.execute(
                connection,
                // Named, as a name that the database makes up may be one of the backup.
                "CREATE TABLE " + table + " (STEP INTEGER NOT NULL, STATE VARCHAR(64), ROWS_DONE BIGINT, CONSTRAINT "
                        + Dialect.MARKER + "_KEY PRIMARY KEY (STEP))");
    }

    void drop(Connection connection) throws SQLException {
        Dialect.execute(connection, "DROP TABLE " + table);
    }

    /** Begins the notes of a restore: all at once, so that connections that change different ones are in nobody's way. */
    void identify(Connection connection, String identity, int steps) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO " + table + " (STEP, STATE, ROWS_DONE) VALUES (?, ?, 0)")) {
            for (int step = 0; step <= steps; step++) {
                statement.setInt(1, step);
                statement.setString(2, step == 0 ? identity : "");
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    void begun(Connection connection, int step, long rows) throws SQLException {
        note(connection, step, BEGUN, rows);
    }

    void done(Connection connection, int step, long rows) throws SQLException {
        note(connection, step, DONE, rows);
    }

    private void note(Connection connection, int step, String state, long rows) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("UPDATE " + table + " SET STATE = ?, ROWS_DONE = ? WHERE STEP = ?")) {
            statement.setString(1, state);
            statement.setLong(2, rows);
            statement.setInt(3, step);
            if (statement.executeUpdate() != 1) {
                throw new SQLException("the table " + Dialect.MARKER + " was changed by somebody else");
            }
        }
    }

    /** All notes by step; fails if the table is not one of this form. */
    Map<Integer, Note> read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT STEP, STATE, ROWS_DONE FROM " + table)) {
            Map<Integer, Note> notes = new HashMap<>();
            while (rows.next()) {
                notes.put(rows.getInt(1), new Note(String.valueOf(rows.getString(2)), rows.getLong(3)));
            }
            return notes;
        }
    }
}
