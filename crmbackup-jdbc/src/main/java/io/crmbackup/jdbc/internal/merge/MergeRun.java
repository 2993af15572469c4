package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.TablePolicy.Existing;
import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A restore into all of its tables, one after the other, in one transaction: with its effects a run, without a preview. Used by one thread
 * at a time.
 */
final class MergeRun implements AutoCloseable {
    private static final Consumer<String> NOBODY = column -> {};

    private final LiveDatabase database;
    private final MergeRules rules;
    private final List<TableFit> parentsFirst;
    private final String locking;
    private final Function<TableFit, Effects> effectsOf;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Map<String, Effects> effects = new LinkedHashMap<>();
    private final NewKeys newKeys = new NewKeys();
    private final UndoneInserts undone;
    private final List<String> undoing = new ArrayList<>();

    /**
     * Prepares a restore.
     *
     * @param tables all that the database has
     * @param parentsFirst the tables that are restored
     * @param locking how a query ends whose rows are going to be written
     * @param effectsOf what is done with the rows of a table
     */
    MergeRun(
            LiveDatabase database,
            MergeRules rules,
            Collection<Table> tables,
            List<TableFit> parentsFirst,
            String locking,
            Function<TableFit, Effects> effectsOf) {
        this.database = database;
        this.rules = rules;
        this.parentsFirst = parentsFirst;
        this.locking = locking;
        this.effectsOf = effectsOf;
        this.undone = new UndoneInserts(new Referrers(database, tables));
    }

    /** Restores one collection's rows; deletions come later, with {@link #complete()}. */
    Tally merge(TableFit fit, RestoredCollection collection) throws IOException, SQLException {
        Tally tally = new Tally(fit);
        tallies.put(fit.name(), tally);
        Effects ofTable = effectsOf.apply(fit);
        effects.put(fit.name(), ofTable);
        try (RestoredRows rows = RestoredRows.open(fit, collection, newKeys, tally::notRestored)) {
            if (rows instanceof RestoredRows.Changes) {
                undoing.add(fit.name());
            }
            Judge judge = rows.judge(rules.policy(fit.name()));
            new TableMerge(database, fit, judge, ofTable, tally, (row, decision) -> checked(fit, row, decision))
                    .merge(rows, locking);
        }
        return tally;
    }

    private Decision checked(TableFit fit, RestoredRow row, Decision decision) throws IOException {
        switch (decision.kind()) {
            case DELETE -> undone.add(fit, row.key());
            case INSERT, UPDATE -> {
                var narrow = fit.isNarrower() ? fit.tooNarrow(row.wanted()) : java.util.Optional.<Integer>empty();
                if (narrow.isPresent()) {
                    var column = fit.fields().get(narrow.get());
                    return Decision.refuse(
                            "with a value that doesn't fit into column " + column.name() + " " + column.nativeType());
                }
            }
            default -> {
                // Nothing is written.
            }
        }
        return decision;
    }

    /** Writes what has to wait until all rows are there, and deletes what has to go: children before their parents. */
    void complete() throws IOException, SQLException {
        for (TableFit fit : parentsFirst) {
            Effects ofTable = effectsOf(fit);
            if (ofTable.hasPostponed()) {
                try (RestoredRows rows = open(fit)) {
                    for (RestoredRow row = rows.next(); row != null; row = rows.next()) {
                        ofTable.complete(row);
                    }
                }
                ofTable.flush();
            }
        }
        undone.settle(tallies);
        for (int i = parentsFirst.size() - 1; i >= 0; i--) {
            TableFit fit = parentsFirst.get(i);
            List<List<FieldValue>> added = undone.of(fit);
            for (int from = 0; from < added.size(); from += RowLookup.MOST) {
                delete(fit, added.subList(from, Math.min(added.size(), from + RowLookup.MOST)));
            }
            if (mirrors(fit)) {
                new Surplus(database, fit)
                        .find(() -> open(fit), fit.collection().records(), keys -> delete(fit, keys));
            }
        }
    }

    private boolean mirrors(TableFit fit) {
        return rules.policy(fit.name()).existing() == Existing.MIRROR && !undoing.contains(fit.name());
    }

    private RestoredRows open(TableFit fit) {
        return RestoredRows.open(fit, fit.collection(), newKeys, NOBODY);
    }

    private void delete(TableFit fit, List<List<FieldValue>> keys) throws IOException, SQLException {
        effectsOf(fit).delete(keys);
        keys.forEach(key -> tally(fit).deleted(key, TargetChanges.MOST_DELETIONS));
    }

    private Effects effectsOf(TableFit fit) {
        return effects.getOrDefault(fit.name(), Effects.NONE);
    }

    private Tally tally(TableFit fit) {
        return tallies.computeIfAbsent(fit.name(), name -> new Tally(fit));
    }

    /** Why the restore is refused, in words. */
    List<String> blockers() {
        return tallies.values().stream()
                .flatMap(tally -> tally.blockers().stream())
                .toList();
    }

    /** What the user should know. */
    List<String> notes() {
        return tallies.values().stream()
                .flatMap(tally -> tally.notes().stream())
                .toList();
    }

    /** What is changed. */
    TargetChanges changes() {
        List<CollectionChanges> all =
                parentsFirst.stream().map(fit -> tally(fit).changes()).toList();
        List<String> deletions = tallies.values().stream()
                .flatMap(tally -> tally.deletions().stream())
                .limit(TargetChanges.MOST_DELETIONS)
                .toList();
        return new TargetChanges(
                all.stream().mapToLong(CollectionChanges::created).sum(),
                all.stream().mapToLong(CollectionChanges::changed).sum(),
                tallies.values().stream().mapToLong(Tally::left).sum(),
                all.stream().mapToLong(CollectionChanges::deleted).sum(),
                tallies.values().stream().mapToLong(Tally::bytes).sum(),
                deletions,
                all);
    }

    @Override
    public void close() throws SQLException {
        for (Effects ofTable : effects.values()) {
            ofTable.close();
        }
    }
}
