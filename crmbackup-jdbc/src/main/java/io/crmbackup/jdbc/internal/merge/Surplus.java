package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.live.KeyPages;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds the rows that a database has and a backup doesn't have: the table's keys are gone through, page by page. */
final class Surplus {
    private final LiveDatabase database;
    private final TableFit fit;

    /** Tells which keys the backup has. */
    @FunctionalInterface
    interface Backup {
        boolean contains(RecordKey key) throws IOException;
    }

    Surplus(LiveDatabase database, TableFit fit) {
        this.database = database;
        this.fit = fit;
    }

    /**
     * Hands out the keys of the surplus rows.
     *
     * @param visitor gets those of a page at a time, and may delete them
     */
    void find(Backup backup, KeyPages.Visitor visitor) throws IOException, SQLException {
        KeyPages pages = new KeyPages(database, fit.table());
        for (List<List<FieldValue>> page = pages.next(); !page.isEmpty(); page = pages.next()) {
            List<List<FieldValue>> surplus = new ArrayList<>();
            for (List<FieldValue> values : page) {
                if (!backup.contains(fit.key(values))) {
                    surplus.add(values);
                }
            }
            if (!surplus.isEmpty()) {
                visitor.rows(surplus);
            }
        }
    }
}
