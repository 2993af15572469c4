package io.crmbackup.jdbc.internal.postgres;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.postgres.changes.Position;
import io.crmbackup.jdbc.internal.postgres.rows.Relation;
import io.crmbackup.jdbc.internal.postgres.rows.Session;
import io.crmbackup.jdbc.internal.postgres.rows.TableRead;
import io.crmbackup.jdbc.internal.sql.TableName;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A snapshot of which it is certain that all its tables are there, whole.
 *
 * @param id by which other connections can take part in it
 * @param optional settings that the server has and not every one
 * @param relations what there is in it
 * @param selected the names of those that are captured
 */
record Snapshot(
        String id,
        List<String> optional,
        Instant moment,
        Position position,
        List<Relation> relations,
        Set<TableName> selected) {
    private static final int ATTEMPTS = 5;
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String UNDEFINED_SCHEMA = "3F000";
    static final String LOCK_NOT_AVAILABLE = "55P03";
    static final String OUT_OF_MEMORY = "53200";

    /** Takes one in a transaction that stays open on this connection, which has automatic commits on. */
    static Snapshot take(Connection connection, ViewRequest request) throws IOException, SQLException {
        for (int i = 0; i < ATTEMPTS; i++) {
            // Without those settings names and operators could mean what somebody has put in their places.
            Session.beginReading(connection, List.of(), request.lockTimeout());
            List<String> optional = Session.optional(connection);
            Set<TableName> selected = selected(Relation.all(connection), request);
            Rights.check(connection, selected);
            connection.rollback();
            Session.beginReading(connection, optional, request.lockTimeout());
            if (lock(connection, selected, request.lockTimeout())) {
                // Only now, with the first query, the transaction sees its moment.
                String id = Dialect.strings(connection, "SELECT pg_catalog.pg_export_snapshot()")
                        .get(0);
                Instant moment = Instant.now();
                List<Relation> relations = Relation.all(connection);
                if (selected(relations, request).equals(selected) && areLocked(connection, relations, selected)) {
                    return new Snapshot(id, optional, moment, Position.now(connection), relations, selected);
                }
            }
            connection.rollback();
            connection.setAutoCommit(true);
        }
        throw new IOException(
                "tables of the database are being made, dropped or renamed all the time; repeat the backup when that is over");
    }

    private static Set<TableName> selected(List<Relation> relations, ViewRequest request) throws IOException {
        List<TableName> tables =
                relations.stream().filter(Relation::isTable).map(Relation::name).toList();
        return request.filter().select(tables, Relation.DEFAULT_SCHEMA);
    }

    /** Locks the tables; false if one of them is gone. The locks come before the snapshot: LOCK takes none. */
    private static boolean lock(Connection connection, Set<TableName> tables, Duration timeout)
            throws IOException, SQLException {
        for (TableName table : tables) {
            try {
                Dialect.execute(
                        connection,
                        "LOCK TABLE ONLY " + TableRead.quote(table.schema()) + "." + TableRead.quote(table.table())
                                + " IN ACCESS SHARE MODE");
            } catch (SQLException e) {
                String state = String.valueOf(e.getSQLState());
                if (state.equals(UNDEFINED_TABLE) || state.equals(UNDEFINED_SCHEMA)) {
                    return false;
                } else if (state.equals(LOCK_NOT_AVAILABLE)) {
                    throw new IOException(
                            "table " + table.collection(Relation.DEFAULT_SCHEMA)
                                    + " is locked by somebody who redefines it, for more than " + timeout.toMillis()
                                    + " ms; repeat the backup, or give it a longer lockTimeout",
                            e);
                } else if (state.equals(OUT_OF_MEMORY)) {
                    throw new IOException(
                            "the server has no room for locks on " + tables.size()
                                    + " tables: give it a higher max_locks_per_transaction, or back up fewer tables",
                            e);
                }
                throw e;
            }
        }
        return true;
    }

    /** Whether it is these very tables that are locked, and not others that had their names for a moment. */
    private static boolean areLocked(Connection connection, List<Relation> relations, Set<TableName> selected)
            throws SQLException {
        Set<String> locked = Set.copyOf(Dialect.strings(
                connection,
                "SELECT relation FROM pg_catalog.pg_locks WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation'"
                        + " AND mode = 'AccessShareLock' AND granted"));
        return relations.stream()
                .filter(relation -> relation.isTable() && selected.contains(relation.name()))
                .allMatch(relation -> locked.contains(Long.toString(relation.oid())));
    }
}
