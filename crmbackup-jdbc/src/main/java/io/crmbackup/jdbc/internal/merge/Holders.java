package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Finds rows that can't be deleted, as others refer to them which stay. Used by one thread at a time. */
final class Holders {
    static final String REASON = "that would be deleted is referred to by rows that stay";

    private final Referrers referrers;
    private final Staying staying;

    /** Tells which rows stay as they are. */
    @FunctionalInterface
    interface Staying {
        boolean stays(Table table, List<FieldValue> key) throws IOException, SQLException;
    }

    Holders(Referrers referrers, Staying staying) {
        this.referrers = referrers;
        this.staying = staying;
    }

    /** Those of some rows, by their keys, that have to stay too. */
    List<List<FieldValue>> held(Table table, List<List<FieldValue>> keys) throws IOException, SQLException {
        List<List<FieldValue>> held = new ArrayList<>();
        // Mostly none of them is; only otherwise it matters which.
        if (!keys.isEmpty() && isOneHeld(table, keys)) {
            for (List<FieldValue> key : keys) {
                if (isOneHeld(table, List.of(key))) {
                    held.add(key);
                }
            }
        }
        return held;
    }

    private boolean isOneHeld(Table table, List<List<FieldValue>> keys) throws IOException, SQLException {
        AtomicBoolean held = new AtomicBoolean();
        referrers.find(table, keys, (other, key) -> {
            if (!held.get() && staying.stays(other, key)) {
                held.set(true);
            }
        });
        return held.get();
    }
}
