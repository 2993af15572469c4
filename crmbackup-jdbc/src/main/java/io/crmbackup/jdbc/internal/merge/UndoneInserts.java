package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rows that a change had added and that are still as it added them: they are deleted if nothing refers to them but others of them. Their keys
 * are held in memory. Used by one thread at a time.
 */
final class UndoneInserts {
    private static final int MOST = 1_000_000;

    private final Referrers referrers;
    private final Map<String, TableFit> fits = new LinkedHashMap<>();
    private final Map<String, Set<RecordKey>> keys = new LinkedHashMap<>();
    private int size;

    UndoneInserts(Referrers referrers) {
        this.referrers = referrers;
    }

    void add(TableFit fit, RecordKey key) throws IOException {
        if (size == MOST) {
            throw new IOException("the change added more than " + MOST + " rows, too many to be taken away");
        }
        size++;
        fits.put(fit.table().collection(), fit);
        keys.computeIfAbsent(fit.table().collection(), c -> new LinkedHashSet<>())
                .add(key);
    }

    /** The rows of a table that can be deleted, once {@link #settle} was called. */
    List<List<FieldValue>> of(TableFit fit) {
        return keys.getOrDefault(fit.table().collection(), Set.of()).stream()
                .map(key -> key.fields(fit.table().schema()))
                .toList();
    }

    /** Takes out all rows that others refer to which stay; each goes to its table's tally as a conflict. */
    void settle(Map<String, Tally> tallies) throws IOException, SQLException {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<String, TableFit> entry : fits.entrySet()) {
                Table table = entry.getValue().table();
                if (referrers.exist(table)) {
                    Set<RecordKey> staying = referredTo(entry.getValue());
                    Set<RecordKey> own = keys.getOrDefault(entry.getKey(), new HashSet<>());
                    for (RecordKey key : staying) {
                        own.remove(key);
                        Tally tally = tallies.get(entry.getValue().name());
                        if (tally != null) {
                            tally.conflict(key.fields(table.schema()), new BitSet(), Judge.REFERRED_TO);
                        }
                    }
                    changed |= !staying.isEmpty();
                }
            }
        }
    }

    private Set<RecordKey> referredTo(TableFit fit) throws IOException, SQLException {
        Set<RecordKey> found = new LinkedHashSet<>();
        List<RecordKey> all = new ArrayList<>(keys.getOrDefault(fit.table().collection(), Set.of()));
        for (int from = 0; from < all.size(); from += RowLookup.MOST) {
            List<RecordKey> some = all.subList(from, Math.min(all.size(), from + RowLookup.MOST));
            // Mostly none of them is; only otherwise it matters which.
            if (isReferredTo(fit, some)) {
                for (RecordKey key : some) {
                    if (isReferredTo(fit, List.of(key))) {
                        found.add(key);
                    }
                }
            }
        }
        return found;
    }

    private boolean isReferredTo(TableFit fit, List<RecordKey> some) throws IOException, SQLException {
        AtomicBoolean referred = new AtomicBoolean();
        List<List<FieldValue>> values =
                some.stream().map(key -> key.fields(fit.table().schema())).toList();
        referrers.find(fit.table(), values, (other, key) -> {
            TableFit otherFit = fits.get(other.collection());
            boolean goes = otherFit != null
                    && !key.isEmpty()
                    && keys.getOrDefault(other.collection(), Set.of()).contains(otherFit.key(key));
            if (!goes) {
                referred.set(true);
            }
        });
        return referred.get();
    }
}
