package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Tells whether a row is among those that are restored; for a table with too many, it doesn't tell. Used by one thread at a time. */
final class RestoredKeys {
    private final Rows rows;
    private final Map<String, Optional<KeySet>> known = new HashMap<>();

    /** Opens what is restored into a table. */
    @FunctionalInterface
    interface Rows {
        RestoredRows open(TableFit fit) throws IOException;
    }

    RestoredKeys(Rows rows) {
        this.rows = rows;
    }

    /** Whether the row is restored; empty if that can't be told. */
    Optional<Boolean> contains(TableFit fit, RecordKey key) throws IOException {
        Optional<KeySet> keys = known.get(fit.name());
        if (keys == null) {
            keys = read(fit);
            known.put(fit.name(), keys);
        }
        return keys.map(set -> set.contains(key));
    }

    private Optional<KeySet> read(TableFit fit) throws IOException {
        KeySet keys = new KeySet();
        int size = 0;
        try (RestoredRows cursor = rows.open(fit)) {
            for (RestoredRow row = cursor.next(); row != null; row = cursor.next()) {
                if (++size > KeySet.MOST) {
                    return Optional.empty();
                }
                if (row.values() != null) {
                    keys.add(row.key());
                }
            }
        }
        return Optional.of(keys);
    }
}
