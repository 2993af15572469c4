package io.crmbackup.jdbc.internal.replace;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Exchange;
import io.crmbackup.jdbc.internal.dialect.RowsAlone;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.restore.RestoreScript;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore that replaces a database in use. What is written is seen by nobody before {@link #finish}, and nothing that is there is changed before;
 * so a restore that fails, or whose process dies, has changed nothing.
 */
public final class ReplaceRestore implements TargetSession {
    private static final Logger LOG = LoggerFactory.getLogger(ReplaceRestore.class);

    private final BorrowedConnection borrowed;
    private final Dialect dialect;
    private final Exchange exchange;
    private final Map<String, String> attributes;
    private final List<RestoredCollection> collections;
    private final TableFilter filter;
    private final DataSource dataSource;
    private final Function<DataSource, Source> replaced;
    private final Catalog present;
    private final Set<String> definitions;
    private final RestoreScript script;
    private final List<String> notes = new ArrayList<>();
    private boolean held;
    private boolean settled;

    private ReplaceRestore(
            BorrowedConnection borrowed,
            Exchange exchange,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Trust trust,
            TableFilter filter,
            DataSource dataSource,
            Function<DataSource, Source> replaced)
            throws IOException {
        this.borrowed = borrowed;
        this.dialect = borrowed.dialect();
        this.attributes = Map.copyOf(attributes);
        this.collections = List.copyOf(collections);
        this.filter = filter;
        this.dataSource = dataSource;
        this.replaced = replaced;
        this.exchange = exchange;
        try {
            this.present = dialect.catalog(borrowed.connection(), filter);
            this.script = new RestoreScript(
                    dialect,
                    attributes,
                    collections,
                    trust,
                    RowsAlone.statements(present),
                    dialect.provides(borrowed.connection()));
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
        this.definitions = definitions(this.attributes, this.collections);
    }

    /**
     * Looks at what is there.
     *
     * @param filter the tables that are replaced
     * @param dataSource where the connection comes from
     * @param replaced the same tables as a source
     */
    public static TargetSession open(
            BorrowedConnection borrowed,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Trust trust,
            TableFilter filter,
            DataSource dataSource,
            Function<DataSource, Source> replaced)
            throws IOException {
        Optional<Exchange> exchange = borrowed.dialect().exchange(borrowed, Map.copyOf(attributes), filter);
        return exchange.isEmpty()
                ? new RefusedRestore(borrowed)
                : new ReplaceRestore(
                        borrowed, exchange.get(), attributes, collections, trust, filter, dataSource, replaced);
    }

    private static Set<String> definitions(Map<String, String> attributes, List<RestoredCollection> collections) {
        Set<String> all = new HashSet<>(Statements.of(attributes, "before"));
        all.addAll(Statements.of(attributes, "after"));
        collections.forEach(
                collection -> all.addAll(Statements.of(collection.schema().attributes())));
        return all;
    }

    @Override
    public TargetPreview preview() throws IOException {
        Optional<String> otherProduct = dialect.otherProduct(attributes);
        if (otherProduct.isPresent()) {
            return new TargetPreview(List.of(otherProduct.get()), List.of(), List.of());
        }
        List<String> blockers = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        if (collections.stream().anyMatch(collection -> collection.extent() != Extent.WHOLE)) {
            blockers.add("a selection of rows can't take the place of whole tables: merge it");
        } else if (!collections.stream().allMatch(RestoredCollection::isComplete)) {
            blockers.add("the backup could not read everything, so it can't take the place of what is there: merge it");
        }
        blockers.addAll(leftOut());
        if (!exchange.keepsDefinitions()) {
            describeDefinitions(blockers, notes);
        }
        try {
            Exchange.Outlook outlook = exchange.foresee(present, definitions);
            blockers.addAll(outlook.objections());
            notes.addAll(gone());
            notes.addAll(outlook.notes());
            return new TargetPreview(blockers, notes, steps());
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
    }

    /** Tables of the backup in whose place nothing is replaced. */
    private List<String> leftOut() throws IOException {
        Map<TableName, String> names = new LinkedHashMap<>();
        collections.forEach(
                collection -> names.put(TableName.of(collection.name(), dialect.defaultSchema()), collection.name()));
        Set<TableName> selected = filter.select(List.copyOf(names.keySet()), dialect.defaultSchema());
        names.keySet().removeAll(selected);
        return names.values().stream()
                .map(
                        table -> "table " + table
                                + " is in the backup, and the source that is replaced leaves it out: replace a source that has it")
                .toList();
    }

    private List<String> steps() throws SQLException {
        List<String> steps = new ArrayList<>();
        if (!exchange.keepsDefinitions()) {
            for (SchemaStatement statement : script.beforeRows()) {
                steps.addAll(dialect.steps(exchange.connection(), statement));
            }
            for (SchemaStatement statement : script.afterRows()) {
                String checked = dialect.checked(statement);
                steps.addAll(
                        checked.equals(statement.sql())
                                ? dialect.steps(exchange.connection(), statement)
                                : List.of(checked));
            }
        }
        return steps;
    }

    private void describeDefinitions(List<String> blockers, List<String> notes) {
        blockers.addAll(script.blockers());
        script.untrusted()
                .forEach(statement -> blockers.add("the database would lose " + statement.title()
                        + ", which is restored with trustSchema() only, as "
                        + statement.doubt().orElse("") + ", and which it does not have word for word"));
        notes.addAll(script.notes());
    }

    /** Tables that the backup doesn't have, with the rows that go with them. */
    private List<String> gone() throws SQLException {
        Set<String> restored = new HashSet<>();
        collections.forEach(collection -> restored.add(dialect.sameName(collection.name())));
        List<String> gone = new ArrayList<>();
        for (Table table : present.tables()) {
            if (!restored.contains(dialect.sameName(table.collection()))) {
                long rows = dialect.countRows(borrowed.connection(), table.name());
                gone.add("table " + table.collection() + " is not in the backup and will be gone, with " + rows
                        + " rows");
            }
        }
        return gone;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a data source is itself alone
    public Optional<Source> hold() throws IOException {
        held = true;
        if (present.tables().isEmpty()) {
            keepOthersFromWriting();
            return Optional.empty();
        }
        DataSource reading = exchange.reading(dataSource);
        if (reading == dataSource) {
            requireAnother();
        }
        keepOthersFromWriting();
        return Optional.of(replaced.apply(reading));
    }

    private void keepOthersFromWriting() throws IOException {
        try {
            exchange.hold();
        } catch (SQLException e) {
            throw new DatabaseException("keeping others from writing", e);
        }
    }

    /** Whoever read over the connection that writes would end its transaction, and with it that all changes at once. */
    private void requireAnother() throws IOException {
        try {
            Optional<BorrowedConnection> another = borrowed.another(dataSource);
            if (another.isEmpty()) {
                throw new IOException(
                        "the data source gives the same connection twice; a restore in place needs another"
                                + " one, for the snapshot of what is there");
            }
            another.get().close();
        } catch (SQLException e) {
            throw new DatabaseException("taking a second connection, for the snapshot of what is there", e);
        }
    }

    @Override
    public void begin() throws IOException {
        if (!held) {
            hold();
        }
        try {
            exchange.makeRoom();
        } catch (SQLException e) {
            throw new DatabaseException("making room for what is restored", e);
        }
        if (!exchange.keepsDefinitions()) {
            for (SchemaStatement statement : script.beforeRows()) {
                make(statement);
            }
        }
    }

    private void make(SchemaStatement statement) throws IOException {
        try {
            for (String step : dialect.steps(exchange.connection(), statement)) {
                exchange.make(step);
            }
        } catch (SQLException e) {
            throw new DatabaseException("executing " + statement.title(), e);
        }
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        TableName table = TableName.of(collection.name(), dialect.defaultSchema());
        List<Field> fields = collection.schema().fields();
        try (RecordCursor cursor = collection.open()) {
            RowsOfRecords rows = new RowsOfRecords(cursor, !exchange.keepsDefinitions());
            long taken = dialect.load(exchange.connection(), table, fields, rows);
            if (taken != rows.count()) {
                throw new IOException("of " + rows.count() + " rows of table " + collection.name()
                        + " the database has taken " + taken);
            }
            return new WriteResult(taken, 0);
        } catch (SQLException e) {
            throw new DatabaseException("writing table " + collection.name(), e);
        }
    }

    /** Called when all rows are there, so that what comes after them is proved to be possible before anything changes. */
    @Override
    public Optional<Source> staged() throws IOException {
        settle();
        return Optional.of(new WrittenSource(exchange));
    }

    private void settle() throws IOException {
        if (settled) {
            return;
        }
        settled = true;
        if (!exchange.keepsDefinitions()) {
            for (SchemaStatement statement : script.afterRows()) {
                makeChecked(statement);
            }
        }
        try {
            List<String> broken = new ArrayList<>(dialect.brokenReferences(exchange.connection()));
            broken.addAll(exchange.brokenReferences());
            List<String> staying = broken.stream().filter(this::isOfWhatStays).toList();
            if (!staying.isEmpty()) {
                throw new IOException(
                        "rows of tables that the source leaves out refer to rows that are not in the backup: "
                                + String.join(", ", staying) + "; delete them, or include these tables");
            }
            if (!broken.isEmpty()) {
                warn(String.join(", ", broken));
            }
        } catch (SQLException e) {
            throw new DatabaseException("looking for rows that refer to none", e);
        }
        try {
            exchange.rehearse();
        } catch (SQLException e) {
            throw new DatabaseException("seeing whether the database can be replaced", e);
        }
    }

    /** Whether broken references, which begin with their table's name as it is told everywhere, are those of a table that is not replaced. */
    private boolean isOfWhatStays(String broken) {
        String words = dialect.sameName(broken);
        return collections.stream()
                .noneMatch(collection -> words.startsWith(dialect.sameName(collection.name()) + " -> "));
    }

    /** Where the source itself had rows that refer to none, these come back too. */
    private void makeChecked(SchemaStatement statement) throws IOException {
        String checked = dialect.checked(statement);
        if (checked.equals(statement.sql())) {
            make(statement);
            return;
        }
        try {
            exchange.make(checked);
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith("23")) {
                throw new DatabaseException("executing " + statement.title(), e);
            }
            warn(statement.title());
            make(statement);
        }
    }

    private static void warn(String where) {
        LOG.warn("Some rows refer to rows that do not exist, as they did in the source: {}", where);
    }

    @Override
    public void finish() throws IOException {
        settle();
        try {
            notes.addAll(exchange.complete());
        } catch (SQLException e) {
            throw new DatabaseException("replacing the database", e);
        }
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() throws IOException {
        try (borrowed) {
            exchange.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing the restore", e);
        }
    }
}
