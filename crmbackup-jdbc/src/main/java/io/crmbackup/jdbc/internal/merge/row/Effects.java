package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;

/** What is done with the rows of a table: by a run, or, by a preview, nothing. */
public interface Effects extends AutoCloseable {
    /** None. */
    Effects NONE = new Effects() {
        @Override
        public void insert(RestoredRow row) {}

        @Override
        public void update(RestoredRow row, BitSet fields) {}

        @Override
        public boolean detaches() {
            return false;
        }

        @Override
        public void detach(List<List<FieldValue>> keys) {}

        @Override
        public void delete(List<List<FieldValue>> keys) {}

        @Override
        public void vacate(List<FieldValue> key, int column) {}

        @Override
        public boolean hasPostponed() {
            return false;
        }

        @Override
        public void complete(RestoredRow row) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    void insert(RestoredRow row) throws IOException, SQLException;

    /** Writes some columns of a row that is there. */
    void update(RestoredRow row, BitSet fields) throws IOException, SQLException;

    /** Whether rows have to be detached from each other, all before any is deleted, as references go in a circle. */
    boolean detaches();

    /** Takes from rows that will be deleted what closes a circle of references. */
    void detach(List<List<FieldValue>> keys) throws IOException, SQLException;

    /** Deletes rows by their keys. */
    void delete(List<List<FieldValue>> keys) throws IOException, SQLException;

    /** Makes a column of a row null, at once: the row is written, or was, in the same restore. */
    void vacate(List<FieldValue> key, int column) throws IOException, SQLException;

    /** Whether something of the rows is left to be written when all rows are there. */
    boolean hasPostponed();

    /** Writes what was left of a row. */
    void complete(RestoredRow row) throws IOException, SQLException;

    /** Makes sure that all that was to be written is in the database. */
    void flush() throws IOException, SQLException;

    @Override
    void close() throws SQLException;
}
