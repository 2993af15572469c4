package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.RestoredRows;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Tells whether a row is among those that are restored. Used by one thread at a time. */
final class RestoredKeys {
    private final KeySets sets;
    private final RestoredRows.Opening rows;
    private final Map<String, KeySet> known = new HashMap<>();

    RestoredKeys(KeySets sets, RestoredRows.Opening rows) {
        this.sets = sets;
        this.rows = rows;
    }

    boolean contains(TableFit fit, RecordKey key) throws IOException {
        KeySet keys = known.get(fit.name());
        if (keys == null) {
            keys = read(fit);
            known.put(fit.name(), keys);
        }
        return keys.contains(key);
    }

    private KeySet read(TableFit fit) throws IOException {
        KeySet keys = sets.newSet();
        try (RestoredRows cursor = rows.open(fit)) {
            for (RestoredRow row = cursor.next(); row != null; row = cursor.next()) {
                if (row.values() != null) {
                    keys.add(row.key());
                }
            }
        }
        return keys;
    }
}
