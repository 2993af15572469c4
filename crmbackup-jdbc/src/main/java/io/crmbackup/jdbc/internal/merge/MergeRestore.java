package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Switch;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.Switches;
import io.crmbackup.jdbc.internal.merge.reference.ForeignKeys;
import io.crmbackup.jdbc.internal.merge.row.Effects;
import io.crmbackup.jdbc.internal.merge.row.MergeRules;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Existing;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Taken;
import io.crmbackup.jdbc.internal.merge.row.TablePolicy.Triggers;
import io.crmbackup.jdbc.internal.merge.row.Tally;
import io.crmbackup.jdbc.internal.merge.row.Values;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A restore of rows into tables that are in service, in one transaction. A table's rows are written after those of the tables that it
 * refers to. Where references go in a circle, or from a table to itself, and the database can't check them at the end, the columns that close
 * the circle are first left null and filled in when all rows are there.
 */
public final class MergeRestore implements TargetSession {
    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Dialect dialect;
    private final LiveDatabase database;
    private final Map<String, String> attributes;
    private final List<RestoredCollection> collections;
    private final MergeRules rules;
    private final Map<String, Table> tables = new LinkedHashMap<>();
    private final Map<String, TableFit> fits = new LinkedHashMap<>();
    private final Map<String, WriteResult> written = new HashMap<>();
    private List<TableFit> parentsFirst = List.of();
    private MergeOrder order = new MergeOrder(List.of());
    private Switches switches;
    private final Set<String> foretold = new HashSet<>();
    private @Nullable TargetChanges announced;
    private @Nullable MergeRun run;

    public MergeRestore(
            BorrowedConnection borrowed,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            MergeRules rules) {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.dialect = borrowed.dialect();
        this.database = new LiveDatabase(connection, dialect);
        this.attributes = Map.copyOf(attributes);
        this.collections = List.copyOf(collections);
        this.rules = rules;
        this.switches = new Switches(database);
    }

    @Override
    public TargetPreview preview() throws IOException {
        List<String> notes = new ArrayList<>();
        try {
            List<String> blockers = new ArrayList<>(look(notes));
            if (!blockers.isEmpty()) {
                return new TargetPreview(blockers, notes, List.of());
            }
            dialect.prepareMerge(connection);
            connection.setAutoCommit(false);
            try (MergeRun rehearsal = new MergeRun(database, rules, tables, parentsFirst, "", fit -> Effects.NONE)) {
                blockers.addAll(rehearsal.renewKeys());
                if (!blockers.isEmpty()) {
                    return new TargetPreview(blockers, notes, List.of());
                }
                for (TableFit fit : parentsFirst) {
                    rehearsal.merge(fit, fit.collection());
                }
                rehearsal.complete();
                blockers.addAll(rehearsal.blockers());
                notes.addAll(rehearsal.notes());
                foretold.addAll(notes);
                announced = rehearsal.changes();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return new TargetPreview(blockers, notes, switches.steps(), announced);
        } catch (SQLException e) {
            throw new DatabaseException("comparing the database with the backup", e);
        }
    }

    /** Looks at the tables; the reasons against the restore that can be told without looking at rows. */
    private List<String> look(List<String> notes) throws IOException, SQLException {
        Optional<String> otherProduct = dialect.otherProduct(attributes);
        if (otherProduct.isPresent()) {
            return List.of(otherProduct.get());
        }
        tables.clear();
        fits.clear();
        switches = new Switches(database);
        for (Table table : dialect.catalog(connection, TableFilter.ALL).tables()) {
            tables.put(table.collection(), table);
        }
        List<String> blockers = new ArrayList<>();
        for (RestoredCollection collection : collections) {
            Table table = tables.get(rules.table(collection.name()));
            if (table == null) {
                blockers.add("the database has no table " + rules.table(collection.name()));
            } else {
                TableFit fit = TableFit.of(collection, table, rules, blockers, notes);
                fits.put(collection.name(), fit);
                checkPolicy(fit, blockers);
                look(fit, blockers, notes);
            }
        }
        Set<String> known = new HashSet<>(fits.keySet());
        collections.forEach(collection -> known.add(collection.name()));
        rules.policies().keySet().stream()
                .filter(name -> !known.contains(name))
                .forEach(name -> notes.add("there is a policy for table " + name + ", which is not restored"));
        if (blockers.isEmpty()) {
            findOrder(blockers);
        }
        return blockers;
    }

    private static boolean hasNumberAsKey(TableFit fit) {
        return fit.table().schema().key().size() == 1 && fit.keyFields().get(0).type() == FieldType.INTEGER;
    }

    /** References that stand in the way of an order are checked at the end, if the database can be told to. */
    private void findOrder(List<String> blockers) throws SQLException {
        order = new MergeOrder(fits.values());
        ForeignKeys keys = new ForeignKeys(connection);
        for (TableFit fit : fits.values()) {
            for (Reference reference : fit.table().schema().references()) {
                if (dialect.canDeferReferences() || keys.isDeferrable(fit.table(), reference)) {
                    order.loosen(fit.table(), reference);
                }
            }
        }
        for (MergeOrder.Knot knot : order.knots()) {
            if (order.knots().contains(knot) && switches.loosen(knot.table(), knot.reference())) {
                order.loosen(knot.table(), knot.reference());
            }
        }
        order.knots().forEach(knot -> blockers.add(knot.toString()));
        parentsFirst = order.parentsFirst();
    }

    private void look(TableFit fit, List<String> blockers, List<String> notes) throws SQLException {
        Table table = fit.table();
        List<String> triggers = dialect.triggers(connection, table.name());
        if (triggers.isEmpty()) {
            return;
        }
        if (rules.policy(fit.name()).triggers() == Triggers.RUN) {
            notes.add("triggers of table " + fit.name() + " run for each row that is written: "
                    + String.join("; ", triggers));
            return;
        }
        Optional<Switch> off = dialect.triggerSwitch(connection, table.name());
        if (off.isPresent()) {
            switches.triggers(table, off.get());
        } else {
            blockers.add("table " + fit.name() + " has triggers, which can't be off for one transaction in "
                    + dialect.product() + ": " + String.join("; ", triggers));
        }
    }

    private void checkPolicy(TableFit fit, List<String> blockers) {
        TablePolicy policy = rules.policy(fit.name());
        if (policy.existing() == Existing.MIRROR && !fit.collection().isComplete()) {
            blockers.add(
                    "table " + fit.name()
                            + " can't be mirrored: not all rows that it had are restored, so that others can't be taken for new ones");
        }
        if (policy.taken() == Taken.NEW_KEY && !hasNumberAsKey(fit)) {
            blockers.add("rows of table " + fit.name() + " can't get new keys, as its key is not one whole number");
        }
        List<String> needed = new ArrayList<>(policy.identity());
        policy.newer().ifPresent(needed::add);
        for (String column : needed) {
            int index = fit.indexOfRestored(column);
            if (index < 0) {
                blockers.add("table " + fit.name() + " has no column " + column
                        + " both in the backup and the database, which its policy names");
            } else if (policy.newer().filter(column::equals).isPresent()
                    && !Values.areOrdered(fit.fields().get(index))) {
                blockers.add("column " + fit.name() + "." + column + " is of type "
                        + fit.fields().get(index).nativeType() + ", which doesn't tell which of two rows is newer");
            }
        }
    }

    @Override
    public void begin() throws IOException {
        try {
            refuse(look(new ArrayList<>()));
            dialect.prepareMerge(connection);
            connection.setAutoCommit(false);
            dialect.deferReferences(connection);
            switches.off();
            Map<String, RowWrites> writes = new HashMap<>();
            for (TableFit fit : parentsFirst) {
                List<String> untouched =
                        dialect.selfUpdating(connection, fit.table().name());
                writes.put(fit.name(), new RowWrites(database, fit, order.postponed(fit), untouched));
            }
            run = new MergeRun(
                    database,
                    rules,
                    tables,
                    parentsFirst,
                    dialect.lockingRows(),
                    fit -> writes.getOrDefault(
                            fit.name(), new RowWrites(database, fit, order.postponed(fit), List.of())));
            refuse(run.renewKeys());
        } catch (SQLException e) {
            throw new DatabaseException("beginning the restore", e);
        }
    }

    private static void refuse(List<String> blockers) throws IOException {
        if (!blockers.isEmpty()) {
            throw new IOException(String.join("; ", blockers));
        }
    }

    private MergeRun run() {
        if (run == null) {
            throw new IllegalStateException("the restore has not begun");
        }
        return run;
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        for (TableFit fit : parentsFirst) {
            if (!written.containsKey(fit.name())) {
                write(fit, fit.name().equals(collection.name()) ? collection : fit.collection());
            }
            if (fit.name().equals(collection.name())) {
                break;
            }
        }
        WriteResult result = written.get(collection.name());
        if (result == null) {
            throw new IllegalStateException("no such table: " + collection.name());
        }
        return result;
    }

    private void write(TableFit fit, RestoredCollection rows) throws IOException {
        try {
            Tally tally = run().merge(fit, rows);
            if (!tally.blockers().isEmpty()) {
                throw new IOException(String.join("; ", tally.blockers()) + "; nothing was changed");
            }
            written.put(fit.name(), new WriteResult(tally.written(), tally.skipped()));
        } catch (SQLException e) {
            throw new DatabaseException("writing table " + fit.name(), e);
        }
    }

    @Override
    public void finish() throws IOException {
        try {
            run().complete();
            if (!run().blockers().isEmpty()) {
                throw new IOException(String.join("; ", run().blockers()) + "; nothing was changed");
            }
            if (announced != null) {
                List<String> breaches = Agreement.breaches(announced, run().changes());
                if (!breaches.isEmpty()) {
                    throw new IOException("the database has changed since the preview: " + String.join("; ", breaches)
                            + "; nothing was changed, prepare the restore again");
                }
            }
            switches.on();
            if (dialect.rollsBackDefinitions()) {
                advanceCounters();
            }
            connection.commit();
            if (!dialect.rollsBackDefinitions()) {
                advanceCounters();
            }
        } catch (SQLException e) {
            throw new DatabaseException("finishing the restore", e);
        }
    }

    private void advanceCounters() throws SQLException {
        for (TableFit fit : parentsFirst) {
            dialect.advanceCounters(connection, fit.table());
        }
    }

    @Override
    public Optional<TargetChanges> changes() {
        return Optional.of(run().changes());
    }

    @Override
    public List<String> notes() {
        return run().notes().stream().filter(note -> !foretold.contains(note)).toList();
    }

    @Override
    public void close() throws IOException {
        try (borrowed) {
            if (run != null) {
                run.close();
            }
        } catch (SQLException e) {
            throw new DatabaseException("closing the restore", e);
        }
    }
}
