package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.live.KeyPages;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.reference.Cascades;
import io.crmbackup.jdbc.internal.merge.reference.ForeignKeys;
import io.crmbackup.jdbc.internal.merge.reference.Holders;
import io.crmbackup.jdbc.internal.merge.reference.Links;
import io.crmbackup.jdbc.internal.merge.reference.Referrers;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.Effects;
import io.crmbackup.jdbc.internal.merge.row.Judge;
import io.crmbackup.jdbc.internal.merge.row.MergeRules;
import io.crmbackup.jdbc.internal.merge.row.NarrowReview;
import io.crmbackup.jdbc.internal.merge.row.NewKeys;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.RestoredRows;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Existing;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Taken;
import io.crmbackup.jdbc.internal.merge.row.Tally;
import io.crmbackup.jdbc.internal.merge.row.Vacated;
import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A restore into all of its tables, one after the other, in one transaction: with its effects a run, without a preview. Used by one thread
 * at a time.
 */
final class MergeRun implements AutoCloseable {
    private final LiveDatabase database;
    private final MergeRules rules;
    private final List<TableFit> parentsFirst;
    private final String locking;
    private final Function<TableFit, Effects> effectsOf;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private final Map<String, Effects> effects = new LinkedHashMap<>();
    private final NewKeys newKeys = new NewKeys();
    private final UndoneInserts undone;
    private final Cascades cascades;
    private final KeySets sets = new KeySets();
    private final RestoredKeys restoredKeys;
    private final Map<String, Table> tables;
    private final Map<String, TableFit> fitsByTable = new LinkedHashMap<>();
    private final Map<String, KeySet> early = new LinkedHashMap<>();
    private final Set<String> undoing = new HashSet<>();
    private final Links links;
    private final Remaining remaining;
    private final Holders holders;
    private boolean allWritten;

    /**
     * Prepares a restore.
     *
     * @param tables all that the database has, by name
     * @param parentsFirst the tables that are restored
     * @param locking how a query ends whose rows are going to be written
     * @param effectsOf what is done with the rows of a table
     */
    MergeRun(
            LiveDatabase database,
            MergeRules rules,
            Map<String, Table> tables,
            List<TableFit> parentsFirst,
            String locking,
            Function<TableFit, Effects> effectsOf) {
        this.database = database;
        this.rules = rules;
        this.parentsFirst = parentsFirst;
        this.locking = locking;
        this.effectsOf = effectsOf;
        this.tables = tables;
        parentsFirst.forEach(fit -> fitsByTable.put(fit.table().collection(), fit));
        this.restoredKeys = new RestoredKeys(database, sets, this::open);
        this.links = new Links(tables, parentsFirst, rules);
        ForeignKeys keys = new ForeignKeys(database.connection());
        Referrers referrers = new Referrers(database, links);
        this.remaining = new Remaining(rules, fitsByTable, restoredKeys, links, keys, sets, undoing);
        this.undone = new UndoneInserts(referrers, links, sets, this::open, remaining::isReleased);
        this.cascades =
                new Cascades(referrers, keys, sets, (link, key) -> allWritten && remaining.isReleased(link, key));
        this.holders = new Holders(referrers, keys, cascades, remaining);
    }

    /** Restores one collection's rows; deletions come later, with {@link #complete()}. */
    Tally merge(TableFit fit, RestoredCollection collection) throws IOException, SQLException {
        // There may be one, as rows went with others that were in the way.
        Tally tally = tally(fit);
        newKeys.of(fit.name())
                .forEach((before, now) -> tally.newKey(fit.keyText(List.of(before)), fit.keyText(List.of(now))));
        Effects ofTable = effectsOf.apply(fit);
        effects.put(fit.name(), ofTable);
        try (RestoredRows rows = RestoredRows.open(fit, collection, newKeys, tally::notRestored)) {
            if (rows instanceof RestoredRows.Changes) {
                undoing.add(fit.name());
            }
            TablePolicy policy = rules.policy(fit.name());
            Vacated vacated = new Vacated(fit, tables.values(), ofTable);
            Judge judge = vacated.before(rows.judge(policy));
            List<Review> reviews = reviews(fit, policy, vacated);
            new TableMerge(
                            database,
                            fit,
                            judge,
                            ofTable,
                            tally,
                            reviews,
                            (row, now) -> restoredKeys.recognise(fit, row, now))
                    .merge(rows, locking);
        }
        restoredKeys.compared(fit);
        return tally;
    }

    private List<Review> reviews(TableFit fit, TablePolicy policy, Vacated vacated) throws SQLException {
        List<Review> reviews = new ArrayList<>();
        reviews.add(RequiredReview.of(database, fit, policy));
        if (fit.isNarrower()) {
            reviews.add(new NarrowReview(fit));
        }
        reviews.add(new CharacterReview(database, fit));
        reviews.add(new UniqueReview(database, fit, policy, restoredKeys, vacated, key -> deleteEarly(fit, key)));
        reviews.add(new ReferenceReview(database, fit, tables, fitsByTable, restoredKeys));
        reviews.add((rows, decisions) -> {
            for (RestoredRow row : rows.values()) {
                Decision decision = decisions.get(row.key());
                if (decision != null && decision.kind() == Decision.Kind.DELETE) {
                    undone.add(fit, row);
                } else if (decision != null && decision.kind() == Decision.Kind.UPDATE && row.undoes()) {
                    remaining.undo(fit, row, decision.fields());
                }
            }
        });
        return reviews;
    }

    private void deleteEarly(TableFit fit, List<FieldValue> key) throws IOException, SQLException {
        if (early.computeIfAbsent(fit.name(), name -> sets.newSet()).add(fit.key(key))) {
            // Tables that refer to it are compared later, but which of their rows are restored counts now.
            for (Table table : links.leadingTo(fit.table())) {
                TableFit later = fitsByTable.get(table.collection());
                if (later != null) {
                    restoredKeys.lookAhead(later);
                }
            }
            List<List<FieldValue>> free = notHeld(fit, List.of(key));
            if (!free.isEmpty() && effectsOf(fit).detaches()) {
                effectsOf(fit).detach(free);
            }
            delete(fit, free);
        }
    }

    /** Gives new keys to rows whose own are taken, where that is the policy; comes before rows are restored. What keeps it from that refuses the restore. */
    List<String> renewKeys() throws IOException, SQLException {
        List<String> blockers = new ArrayList<>();
        List<TableFit> renewed = parentsFirst.stream()
                .filter(fit -> rules.policy(fit.name()).taken() == Taken.NEW_KEY)
                .toList();
        for (TableFit fit : newKeys.follow(parentsFirst, renewed)) {
            if (renewed.contains(fit)) {
                try (RestoredRows rows = open(fit)) {
                    if (rows instanceof RestoredRows.Records) {
                        new KeyRenewal(database, fit, rules.policy(fit.name()))
                                .renew(rows, newKeys)
                                .ifPresent(blockers::add);
                    }
                }
            }
        }
        return blockers;
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
        allWritten = true;
        if (!effects.containsValue(Effects.NONE)) {
            remaining.written();
        }
        undone.settle(parentsFirst, tallies);
        for (TableFit fit : parentsFirst) {
            if (effectsOf(fit).detaches()) {
                undone.each(fit, keys -> effectsOf(fit).detach(keys));
                surplus(fit, keys -> effectsOf(fit).detach(keys));
            }
        }
        for (int i = parentsFirst.size() - 1; i >= 0; i--) {
            TableFit fit = parentsFirst.get(i);
            undone.each(fit, keys -> delete(fit, keys));
            surplus(fit, keys -> delete(fit, notHeld(fit, keys)));
        }
    }

    private void surplus(TableFit fit, KeyPages.Visitor visitor) throws IOException, SQLException {
        if (mirrors(fit)) {
            KeySet gone = early.computeIfAbsent(fit.name(), name -> sets.newSet());
            new Surplus(database, fit).find(key -> restoredKeys.contains(fit, key) || gone.contains(key), visitor);
        }
    }

    /** Those of some rows that can be deleted; the restore is refused for the others. */
    private List<List<FieldValue>> notHeld(TableFit fit, List<List<FieldValue>> keys) throws IOException, SQLException {
        List<List<FieldValue>> free = new ArrayList<>(keys);
        for (List<FieldValue> held : holders.held(fit.table(), keys)) {
            tally(fit).refuse(held, Holders.REASON);
            free.remove(held);
        }
        return free;
    }

    private boolean mirrors(TableFit fit) {
        return rules.policy(fit.name()).existing() == Existing.MIRROR && !undoing.contains(fit.name());
    }

    private RestoredRows open(TableFit fit) {
        return RestoredRows.open(fit, fit.collection(), newKeys, column -> {});
    }

    private void delete(TableFit fit, List<List<FieldValue>> keys) throws IOException, SQLException {
        int most = cascades.mostTogether(fit.table());
        for (int from = 0; from < keys.size(); from += most) {
            deleteTogether(fit, keys.subList(from, Math.min(keys.size(), from + most)));
        }
    }

    private void deleteTogether(TableFit fit, List<List<FieldValue>> keys) throws IOException, SQLException {
        for (Map.Entry<Table, List<List<FieldValue>>> along :
                cascades.along(fit.table(), keys).entrySet()) {
            for (List<FieldValue> key : along.getValue()) {
                countAlong(fit, along.getKey(), key);
            }
        }
        effectsOf(fit).delete(keys);
        keys.forEach(key -> tally(fit).deleted(key, TargetChanges.MOST_DELETIONS));
    }

    /** A row that the database deletes along: it is counted with its own table's if it would be deleted anyway. */
    private void countAlong(TableFit parent, Table table, List<FieldValue> key) throws IOException {
        TableFit fit = fitsByTable.get(table.collection());
        if (fit != null && mirrors(fit) && !key.isEmpty() && !remaining.isRestored(table, key)) {
            if (!allWritten
                    && early.computeIfAbsent(fit.name(), name -> sets.newSet()).add(fit.key(key))) {
                tally(fit).deleted(key, TargetChanges.MOST_DELETIONS);
            }
        } else if (!undone.goes(table, key) && cascades.add(table, key)) {
            tally(parent).cascaded(table.collection());
        }
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
        List<String> notes = new ArrayList<>();
        tallies.values().forEach(tally -> notes.addAll(tally.notes()));
        if (!undoing.isEmpty() || parentsFirst.stream().anyMatch(this::mirrors)) {
            notes.addAll(links.notes());
        }
        return notes;
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
        try (sets) {
            for (Effects ofTable : effects.values()) {
                ofTable.close();
            }
        }
    }
}
