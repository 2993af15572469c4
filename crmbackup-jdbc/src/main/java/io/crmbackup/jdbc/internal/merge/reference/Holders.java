package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Finds rows that can't be deleted, as others refer to them which stay, or to what the database would delete with them. A reference that only the
 * application knows holds like one that the database enforces, and so does one by which the database would change the row that refers. Rows that are restored
 * never go with others. Used by one thread at a time.
 */
public final class Holders {
    public static final String REASON = "that would be deleted is referred to by rows that stay";

    private final Referrers referrers;
    private final ForeignKeys keys;
    private final Cascades cascades;
    private final Staying staying;

    /** Tells what becomes of rows. */
    public interface Staying {
        /** Whether a row stays and refers to what it refers to now. */
        boolean stays(Link link, List<FieldValue> key) throws IOException, SQLException;

        /** Whether a row is one of those that are restored. */
        boolean isRestored(Table table, List<FieldValue> key) throws IOException;
    }

    public Holders(Referrers referrers, ForeignKeys keys, Cascades cascades, Staying staying) {
        this.referrers = referrers;
        this.keys = keys;
        this.cascades = cascades;
        this.staying = staying;
    }

    /** Those of some rows, by their keys, that have to stay too. */
    public List<List<FieldValue>> held(Table table, List<List<FieldValue>> some) throws IOException, SQLException {
        List<List<FieldValue>> held = new ArrayList<>();
        int most = cascades.mostTogether(table);
        for (int from = 0; from < some.size(); from += most) {
            addHeld(table, some.subList(from, Math.min(some.size(), from + most)), held);
        }
        return held;
    }

    /** Mostly none of them is; only otherwise it matters which. */
    private void addHeld(Table table, List<List<FieldValue>> some, List<List<FieldValue>> held)
            throws IOException, SQLException {
        if (isOneHeld(table, some)) {
            if (some.size() == 1) {
                held.addAll(some);
            } else {
                addHeld(table, some.subList(0, some.size() / 2), held);
                addHeld(table, some.subList(some.size() / 2, some.size()), held);
            }
        }
    }

    private boolean isOneHeld(Table table, List<List<FieldValue>> some) throws IOException, SQLException {
        Map<Table, List<List<FieldValue>>> along = cascades.along(table, some);
        Map<Table, Set<RecordKey>> going = new HashMap<>();
        for (Map.Entry<Table, List<List<FieldValue>>> more : along.entrySet()) {
            Set<RecordKey> ofTable = going.computeIfAbsent(more.getKey(), t -> new HashSet<>());
            for (List<FieldValue> key : more.getValue()) {
                if (staying.isRestored(more.getKey(), key)) {
                    return true;
                }
                if (!key.isEmpty()) {
                    ofTable.add(Cascades.key(more.getKey(), key));
                }
            }
        }
        if (isOneReferredTo(table, some, going)) {
            return true;
        }
        for (Map.Entry<Table, List<List<FieldValue>>> more : along.entrySet()) {
            List<List<FieldValue>> rows =
                    more.getValue().stream().filter(key -> !key.isEmpty()).toList();
            for (int from = 0; from < rows.size(); from += RowLookup.MANY) {
                List<List<FieldValue>> batch = rows.subList(from, Math.min(rows.size(), from + RowLookup.MANY));
                if (isOneReferredTo(more.getKey(), batch, going)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isOneReferredTo(Table table, List<List<FieldValue>> some, Map<Table, Set<RecordKey>> going)
            throws IOException, SQLException {
        AtomicBoolean held = new AtomicBoolean();
        referrers.find(table, some, this::holds, (link, key) -> {
            boolean goes = !key.isEmpty()
                    && (going.getOrDefault(link.child(), Set.of()).contains(Cascades.key(link.child(), key))
                            || cascades.isGone(link.child(), key));
            if (!held.get() && !goes && staying.stays(link, key)) {
                held.set(true);
            }
        });
        return held.get();
    }

    private boolean holds(Link link) throws SQLException {
        return !keys.cascades(link);
    }
}
