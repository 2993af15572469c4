package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.jdbc.internal.merge.row.RestoredRow.Purpose;
import io.crmbackup.spi.ChangeCursor;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through what is to be restored in one table: its rows, or changes that are to be undone. Used by one thread at a time. */
public interface RestoredRows extends Closeable {
    /** The next row; null after the last. Its contents can be opened until the next one is asked for. */
    @Nullable
    RestoredRow next() throws IOException;

    /** Opens what is restored into a table, as often as it is asked for. */
    @FunctionalInterface
    interface Opening {
        RestoredRows open(TableFit fit) throws IOException;
    }

    /** Who decides on them. */
    Judge judge(TablePolicy policy);

    /**
     * Opens them.
     *
     * @param collection the fit's collection, or one that is read in its place
     * @param lost gets the name of each column that the database has no more, for each row that has a value there
     */
    static RestoredRows open(TableFit fit, RestoredCollection collection, NewKeys newKeys, Consumer<String> lost) {
        Optional<ChangeCursor> changes = fit.collection().changes();
        return changes.isPresent()
                ? new Changes(fit, changes.get())
                : new Records(fit, collection.open(), newKeys, lost);
    }

    /** Rows. */
    final class Records implements RestoredRows {
        private final TableFit fit;
        private final RecordCursor cursor;
        private final NewKeys newKeys;
        private final Consumer<String> lost;
        private long place;

        private Records(TableFit fit, RecordCursor cursor, NewKeys newKeys, Consumer<String> lost) {
            this.fit = fit;
            this.cursor = cursor;
            this.newKeys = newKeys;
            this.lost = lost;
        }

        @Override
        public Judge judge(TablePolicy policy) {
            return new PolicyJudge(fit, policy);
        }

        @Override
        public @Nullable RestoredRow next() throws IOException {
            if (!cursor.next()) {
                return null;
            }
            List<FieldValue> record = cursor.values();
            fit.dropped(record).forEach(lost);
            List<FieldValue> values = newKeys.applied(fit, record, fit.values(record));
            List<FieldValue> key = fit.keyValues(values);
            boolean along = fit.collection().comesAlong(cursor.key());
            return new RestoredRow(place++, fit.key(key), key, values, null, along, Purpose.RESTORE);
        }

        @Override
        public void close() throws IOException {
            cursor.close();
        }
    }

    /** Changes. */
    final class Changes implements RestoredRows {
        private final TableFit fit;
        private final ChangeCursor cursor;
        private long place;

        private Changes(TableFit fit, ChangeCursor cursor) {
            this.fit = fit;
            this.cursor = cursor;
        }

        @Override
        public Judge judge(TablePolicy policy) {
            return new UndoJudge(fit);
        }

        @Override
        public @Nullable RestoredRow next() throws IOException {
            while (cursor.next()) {
                List<FieldValue> before = cursor.before().map(fit::values).orElse(null);
                List<FieldValue> after = cursor.after().map(fit::values).orElse(null);
                List<FieldValue> some = before == null ? after : before;
                if (some != null) {
                    List<FieldValue> key = fit.keyValues(some);
                    boolean along = fit.collection().comesAlong(cursor.key());
                    return new RestoredRow(place++, fit.key(key), key, before, after, along, Purpose.UNDO);
                }
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            cursor.close();
        }
    }
}
