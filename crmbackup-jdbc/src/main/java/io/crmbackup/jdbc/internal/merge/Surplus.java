package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the rows that a database has and a backup doesn't have. The backup's keys are held in memory, in as many parts as it takes so that each
 * has its place there; for each part the table's keys are read once.
 */
final class Surplus {
    private final LiveDatabase database;
    private final TableFit fit;

    /** Opens the rows of the backup. */
    @FunctionalInterface
    interface Backup {
        RestoredRows open() throws IOException;
    }

    /** Takes keys. */
    @FunctionalInterface
    interface Visitor {
        void rows(List<List<FieldValue>> keys) throws IOException, SQLException;
    }

    Surplus(LiveDatabase database, TableFit fit) {
        this.database = database;
        this.fit = fit;
    }

    /**
     * Hands out the keys of the surplus rows.
     *
     * @param rows about how many rows the backup has
     * @param visitor gets at most {@value RowLookup#MOST} at a time, and may delete them
     */
    void find(Backup backup, long rows, Visitor visitor) throws IOException, SQLException {
        // Parts differ in size, by less than this leaves room for.
        int parts = Math.toIntExact(rows / (KeySet.MOST - (KeySet.MOST >> 3)) + 1);
        KeySet known = new KeySet();
        for (int part = 0; part < parts; part++) {
            known.clear();
            try (RestoredRows cursor = backup.open()) {
                for (RestoredRow row = cursor.next(); row != null; row = cursor.next()) {
                    if (known.part(row.key(), parts) == part) {
                        known.add(row.key());
                    }
                }
            }
            visit(known, part, parts, visitor);
        }
    }

    private void visit(KeySet known, int part, int parts, Visitor visitor) throws IOException, SQLException {
        KeyPages pages = new KeyPages(database, fit.table());
        for (List<List<FieldValue>> page = pages.next(); !page.isEmpty(); page = pages.next()) {
            List<List<FieldValue>> surplus = new ArrayList<>();
            for (List<FieldValue> values : page) {
                RecordKey key = fit.key(values);
                if (known.part(key, parts) == part && !known.contains(key)) {
                    surplus.add(values);
                }
            }
            for (int from = 0; from < surplus.size(); from += RowLookup.MOST) {
                visitor.rows(surplus.subList(from, Math.min(surplus.size(), from + RowLookup.MOST)));
            }
        }
    }
}
