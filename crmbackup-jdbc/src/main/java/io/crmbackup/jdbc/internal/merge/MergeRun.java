package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.live.KeyPages;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.reference.Cascades;
import io.crmbackup.jdbc.internal.merge.reference.ForeignKeys;
import io.crmbackup.jdbc.internal.merge.reference.Holders;
import io.crmbackup.jdbc.internal.merge.reference.Link;
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
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
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
    private final Cascades cascades;
    private final KeySets sets = new KeySets();
    private final RestoredKeys restoredKeys = new RestoredKeys(sets, this::open);
    private final Map<String, Table> tables;
    private final Map<String, TableFit> fitsByTable = new LinkedHashMap<>();
    private final Map<String, KeySet> early = new LinkedHashMap<>();
    private final Map<String, KeySet> spelledOtherwise = new LinkedHashMap<>();
    private final List<String> undoing = new ArrayList<>();
    private final Links links;
    private final ForeignKeys keys;
    private final Holders holders;

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
        this.links = new Links(tables, parentsFirst, rules);
        this.keys = new ForeignKeys(database.connection());
        Referrers referrers = new Referrers(database, links);
        this.undone = new UndoneInserts(referrers, links, sets, this::open);
        this.cascades = new Cascades(referrers, keys, sets);
        this.holders = new Holders(referrers, keys, cascades, this::stays);
    }

    /** Restores one collection's rows; deletions come later, with {@link #complete()}. */
    Tally merge(TableFit fit, RestoredCollection collection) throws IOException, SQLException {
        Tally tally = new Tally(fit);
        tallies.put(fit.name(), tally);
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
            new TableMerge(database, fit, judge, ofTable, tally, reviews(fit, policy, vacated), key -> keep(fit, key))
                    .merge(rows, locking);
        }
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
                }
            }
        });
        return reviews;
    }

    /** To the database it is a row of the backup, and so no surplus, though its key is not the same bytes. */
    private void keep(TableFit fit, RecordKey key) throws IOException {
        if (mirrors(fit)) {
            spelledOtherwise.computeIfAbsent(fit.name(), name -> sets.newSet()).add(key);
        }
    }

    /** Whether a row will still refer to what it refers to, as far as that can be told; what it can't, the database tells if it enforces the reference. */
    private boolean stays(Link link, List<FieldValue> key) throws IOException, SQLException {
        TableFit fit = fitsByTable.get(link.child().collection());
        boolean enforced = link.origin() == Link.Origin.DATABASE;
        if (enforced) {
            for (Link other : links.from(link.child())) {
                if (keys.cascades(other)) {
                    return false;
                }
            }
        }
        if (fit == null || key.isEmpty()) {
            return fit == null || !enforced;
        }
        RecordKey row = fit.key(key);
        boolean restored = restoredKeys.contains(fit, row);
        TablePolicy policy = rules.policy(fit.name());
        return switch (policy.existing()) {
            case MIRROR -> !enforced && restored && !policy.identity().isEmpty();
            case OVERWRITE ->
                !restored
                        || !enforced
                                && (!policy.identity().isEmpty()
                                        || fit.collection().comesAlong(row));
            case NEWER, REFUSE -> !restored || !enforced;
            case KEEP -> true;
        };
    }

    private void deleteEarly(TableFit fit, List<FieldValue> key) throws IOException, SQLException {
        if (early.computeIfAbsent(fit.name(), name -> sets.newSet()).add(fit.key(key))) {
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
            KeySet kept = spelledOtherwise.computeIfAbsent(fit.name(), name -> sets.newSet());
            new Surplus(database, fit)
                    .find(key -> restoredKeys.contains(fit, key) || gone.contains(key) || kept.contains(key), visitor);
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

    private boolean isMirrored(Table table) {
        TableFit fit = fitsByTable.get(table.collection());
        return fit != null && mirrors(fit);
    }

    private RestoredRows open(TableFit fit) {
        return RestoredRows.open(fit, fit.collection(), newKeys, NOBODY);
    }

    private void delete(TableFit fit, List<List<FieldValue>> keys) throws IOException, SQLException {
        int most = cascades.mostTogether(fit.table());
        for (int from = 0; from < keys.size(); from += most) {
            deleteTogether(fit, keys.subList(from, Math.min(keys.size(), from + most)));
        }
    }

    private void deleteTogether(TableFit fit, List<List<FieldValue>> keys) throws IOException, SQLException {
        long cascaded = 0;
        for (Map.Entry<Table, List<List<FieldValue>>> along :
                cascades.along(fit.table(), keys).entrySet()) {
            for (List<FieldValue> key : along.getValue()) {
                // The others are counted as surplus.
                if (!isMirrored(along.getKey()) && cascades.add(along.getKey(), key)) {
                    cascaded++;
                }
            }
        }
        tally(fit).cascaded(cascaded);
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
