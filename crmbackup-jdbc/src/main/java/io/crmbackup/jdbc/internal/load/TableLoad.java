package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of one table: in pieces that are committed with the note of how many there are, or all at once. Used by one thread. */
final class TableLoad {
    private static final Logger LOG = LoggerFactory.getLogger(TableLoad.class);

    private final Connection connection;
    private final Dialect dialect;
    private final Commits commits;
    private final TableName table;
    private final int step;

    TableLoad(Connection connection, Dialect dialect, Commits commits, TableName table, int step) {
        this.connection = connection;
        this.dialect = dialect;
        this.commits = commits;
        this.table = table;
        this.step = step;
    }

    /**
     * Writes the rows that are not there yet.
     *
     * @param noted how many an earlier run noted; empty if there was none
     * @return how many are there then
     */
    long run(RestoredCollection collection, OptionalLong noted) throws IOException {
        long written = 0;
        Journal journal = new Journal(dialect);
        try (RecordCursor cursor = collection.open()) {
            written = noted.isEmpty() ? 0 : kept(collection.name(), noted.getAsLong());
            for (long i = 0; i < written; i++) {
                if (!cursor.next()) {
                    throw new IOException("the database has more rows than the backup");
                }
            }
            boolean atEnd = false;
            while (!atEnd) {
                if (!commits.isOnce()) {
                    dialect.beginRestoring(connection);
                }
                Piece piece = new Piece(cursor, written == 0, commits.bytesInPiece());
                long taken = dialect.load(connection, table, collection.schema().fields(), piece);
                if (taken != piece.rows()) {
                    throw new IOException("of " + piece.rows() + " rows the database took " + taken);
                }
                written += taken;
                atEnd = piece.isLast();
                if (!commits.isOnce()) {
                    if (atEnd) {
                        journal.done(connection, step, written);
                    } else {
                        journal.begun(connection, step, written);
                    }
                    connection.commit();
                }
            }
        } catch (SQLException e) {
            throw new DatabaseException("writing table " + collection.name() + " after row " + written, e);
        }
        if (written != collection.records()) {
            throw new IOException("the backup has " + collection.records() + " rows of table " + collection.name()
                    + ", " + written + " were written");
        }
        return written;
    }

    /** How many rows of an earlier run stay: all if they are those that it noted; what is not undone by a crash may be more. */
    private long kept(String collection, long noted) throws SQLException {
        dialect.beginRestoring(connection);
        long there = dialect.countRows(connection, table);
        if (there == noted) {
            LOG.info("table {}: going on after row {}", collection, there);
            connection.commit();
            return there;
        }
        LOG.info("table {}: beginning anew, as there are {} rows, not {}", collection, there, noted);
        Dialect.execute(connection, "DELETE FROM " + dialect.rowsOf(table));
        new Journal(dialect).begun(connection, step, 0);
        connection.commit();
        return 0;
    }
}
