package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.live.KeyPages;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.jdbc.internal.merge.reference.Cascades;
import io.crmbackup.jdbc.internal.merge.reference.Link;
import io.crmbackup.jdbc.internal.merge.reference.Links;
import io.crmbackup.jdbc.internal.merge.reference.Referrers;
import io.crmbackup.jdbc.internal.merge.row.Judge;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.RestoredRows;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.Tally;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Rows that a change had added and that are still as it added them: they are deleted if nothing refers to them any more but others of them. Of each its place among
 * the changes is held, one bit, and its key if its table refers to others; the rows themselves are read again. Used by one thread at a time.
 */
final class UndoneInserts {
    private final Referrers referrers;
    private final Links links;
    private final KeySets sets;
    private final RestoredRows.Opening rows;
    private final Cascades.Release release;
    private final Map<Table, Added> byTable = new LinkedHashMap<>();

    /** Rows of one table: those at the places will be deleted; of those whose keys were taken, some have to stay. */
    private record Added(TableFit fit, BitSet places, KeySet keys, KeySet staying) {}

    UndoneInserts(Referrers referrers, Links links, KeySets sets, RestoredRows.Opening rows, Cascades.Release release) {
        this.referrers = referrers;
        this.links = links;
        this.sets = sets;
        this.rows = rows;
        this.release = release;
    }

    void add(TableFit fit, RestoredRow row) throws IOException {
        Added added = byTable.computeIfAbsent(
                fit.table(), table -> new Added(fit, new BitSet(), sets.newSet(), sets.newSet()));
        added.places.set(Math.toIntExact(row.place()));
        if (!links.from(fit.table()).isEmpty()) {
            added.keys.add(row.key());
        }
    }

    /**
     * Takes out all rows that others refer to which stay; each goes to its table's tally as a conflict. Whether a row stays is known best when it is known of
     * those that refer to it, so these come first; only rows in circles are gone through again.
     */
    void settle(List<TableFit> parentsFirst, Map<String, Tally> tallies) throws IOException, SQLException {
        Set<Table> due = new LinkedHashSet<>(byTable.keySet());
        while (!due.isEmpty()) {
            for (int i = parentsFirst.size() - 1; i >= 0; i--) {
                Table table = parentsFirst.get(i).table();
                Added added = byTable.get(table);
                if (due.remove(table)
                        && added != null
                        && !links.to(table).isEmpty()
                        && keepReferredTo(added, tallies)) {
                    links.from(table).stream()
                            .map(Link::parent)
                            .filter(byTable::containsKey)
                            .forEach(due::add);
                }
            }
        }
    }

    private boolean keepReferredTo(Added added, Map<String, Tally> tallies) throws IOException, SQLException {
        AtomicBoolean any = new AtomicBoolean();
        inBatches(added, batch -> {
            List<RestoredRow> referred = new ArrayList<>();
            addReferredTo(added.fit, batch, referred);
            for (RestoredRow row : referred) {
                any.set(true);
                added.places.clear(Math.toIntExact(row.place()));
                added.staying.add(row.key());
                Tally tally = tallies.get(added.fit.name());
                if (tally != null) {
                    tally.conflict(row.keyValues(), new BitSet(), Judge.REFERRED_TO);
                }
            }
        });
        return any.get();
    }

    /** Mostly none of them is; only otherwise it matters which. */
    private void addReferredTo(TableFit fit, List<RestoredRow> some, List<RestoredRow> referred)
            throws IOException, SQLException {
        if (isReferredTo(fit, some)) {
            if (some.size() == 1) {
                referred.addAll(some);
            } else {
                addReferredTo(fit, some.subList(0, some.size() / 2), referred);
                addReferredTo(fit, some.subList(some.size() / 2, some.size()), referred);
            }
        }
    }

    private boolean isReferredTo(TableFit fit, List<RestoredRow> some) throws IOException, SQLException {
        AtomicBoolean referred = new AtomicBoolean();
        referrers.find(fit.table(), some.stream().map(RestoredRow::keyValues).toList(), link -> true, (link, key) -> {
            if (!referred.get() && !goes(link.child(), key) && !release.isReleased(link, key)) {
                referred.set(true);
            }
        });
        return referred.get();
    }

    /** Whether a row is one of those that are deleted, as far as its table refers to others. */
    boolean goes(Table table, List<FieldValue> key) throws IOException {
        Added added = byTable.get(table);
        return added != null
                && !key.isEmpty()
                && added.keys.contains(added.fit.key(key))
                && !added.staying.contains(added.fit.key(key));
    }

    /** Hands out the keys of a table's rows that can be deleted, once {@link #settle} was called, at most {@value RowLookup#MANY} at a time. */
    void each(TableFit fit, KeyPages.Visitor visitor) throws IOException, SQLException {
        Added added = byTable.get(fit.table());
        if (added != null) {
            inBatches(
                    added,
                    batch -> visitor.rows(
                            batch.stream().map(RestoredRow::keyValues).toList()));
        }
    }

    /** Takes rows. */
    @FunctionalInterface
    private interface Batch {
        void rows(List<RestoredRow> rows) throws IOException, SQLException;
    }

    private void inBatches(Added added, Batch batch) throws IOException, SQLException {
        if (added.places.isEmpty()) {
            return;
        }
        try (RestoredRows all = rows.open(added.fit)) {
            List<RestoredRow> some = new ArrayList<>();
            for (RestoredRow row = all.next(); row != null; row = all.next()) {
                if (added.places.get(Math.toIntExact(row.place()))) {
                    some.add(row.keyOnly());
                }
                if (some.size() == RowLookup.MANY) {
                    batch.rows(some);
                    some.clear();
                }
            }
            if (!some.isEmpty()) {
                batch.rows(some);
            }
        }
    }
}
