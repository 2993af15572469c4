package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.restore.RestoreScript;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore into an empty database: tables, rows, then what is quicker or only possible when rows are there: keys, indexes, foreign keys, counters. At the end the
 * database is read as for a backup, and has to consist of what was made in it.
 *
 * <p>What is committed in pieces is told in a table that stands in the database from the first statement to the last. A restore that was cut short leaves
 * it there, and the next run of the same restore goes on from its notes.
 */
public final class EmptyRestore implements TargetSession {
    private static final Logger LOG = LoggerFactory.getLogger(EmptyRestore.class);

    private final LoadConnections connections;
    private final Dialect dialect;
    private final Map<String, String> attributes;
    private final boolean whole;
    private final Commits commits;
    private final RestoreScript script;
    private final LoadPlan plan;
    private final Looks looks;
    private final Journal journal;
    private @Nullable Execution begun;

    /**
     * Prepares a restore, which closes the connections with itself.
     *
     * @param commits {@link Commits#ONCE} only with one connection, and a database that can undo definitions
     */
    public EmptyRestore(
            LoadConnections connections,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Trust trust,
            Commits commits)
            throws IOException {
        this.connections = connections;
        this.dialect = connections.dialect();
        this.attributes = Map.copyOf(attributes);
        this.whole = collections.stream().allMatch(collection -> collection.extent() == Extent.WHOLE);
        this.commits = commits;
        try {
            this.script = new RestoreScript(
                    dialect, attributes, collections, trust, Set.of(), dialect.provides(connections.first()));
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
        this.plan = new LoadPlan(dialect, script, collections);
        this.looks = new Looks(dialect, plan);
        this.journal = new Journal(dialect);
    }

    @Override
    public TargetPreview preview() throws IOException {
        Optional<String> otherProduct = dialect.otherProduct(attributes);
        if (otherProduct.isPresent()) {
            return new TargetPreview(List.of(otherProduct.get()), List.of(), List.of());
        }
        List<String> blockers = new ArrayList<>(script.blockers());
        List<String> notes = new ArrayList<>(script.notes());
        List<String> steps = new ArrayList<>();
        Connection connection = connections.first();
        try {
            Resumption found = looks.look(connection);
            found.refusal().ifPresent(refusal -> blockers.add(0, refusal));
            notes.addAll(found.words(plan));
            dialect.setting(connection).forEach((name, here) -> {
                String then = attributes.getOrDefault(name, here);
                if (!then.equals(here)) {
                    notes.add("the database's " + name + " is " + here + ", the source's was " + then);
                }
            });
            for (Step step : plan.definitions()) {
                describe(step, steps);
            }
            steps.add("rows by " + dialect.loading(connection) + ", with "
                    + (connections.most() == 1 ? "one connection" : "up to " + connections.most() + " connections")
                    + (commits.isOnce() ? ", all in one transaction" : ", committed in pieces"));
            for (List<Step> part : List.of(plan.ofTables(), plan.parts(), plan.references(), plan.last())) {
                for (Step step : part) {
                    describe(step, steps);
                }
            }
            blockers.addAll(dialect.obstacles(connection, attributes, script.afterRows()));
            notes.addAll(dialect.deviations(connection, script.afterRows()));
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
        return new TargetPreview(blockers, notes, steps);
    }

    private void describe(Step step, List<String> steps) throws SQLException {
        for (SchemaStatement statement : step.statements()) {
            String checked = dialect.checked(statement);
            steps.addAll(
                    checked.equals(statement.sql()) ? dialect.steps(connections.first(), statement) : List.of(checked));
        }
    }

    @Override
    public void begin() throws IOException {
        Connection connection = connections.first();
        try {
            Resumption found = looks.look(connection);
            List<String> reasons = new ArrayList<>();
            found.refusal().ifPresent(reasons::add);
            reasons.addAll(script.blockers());
            reasons.addAll(dialect.obstacles(connection, attributes, script.afterRows()));
            if (!reasons.isEmpty()) {
                throw new IOException(String.join("; ", reasons));
            }
            connections.open(attributes);
            Execution execution = new Execution(connections, commits, found.notes(), found.there(), this::acceptBroken);
            begun = execution;
            if (commits.isOnce()) {
                dialect.beginRestoring(connection);
            } else if (found.notes().isEmpty()) {
                mark(connection, found);
            }
            for (Step step : plan.definitions()) {
                execution.run(step);
            }
        } catch (SQLException e) {
            throw new DatabaseException("beginning the restore", e);
        }
    }

    /** What can't be undone commits by itself, and is not left to a transaction that might be. */
    private void mark(Connection connection, Resumption found) throws SQLException {
        if (dialect.rollsBackDefinitions()) {
            dialect.beginRestoring(connection);
        }
        if (!found.goesOn()) {
            journal.create(connection);
        }
        dialect.beginRestoring(connection);
        journal.identify(connection, plan.identity(), plan.steps());
        connection.commit();
    }

    private void unmark(Connection connection) throws SQLException {
        if (dialect.rollsBackDefinitions()) {
            dialect.beginRestoring(connection);
            dialect.makeDurable(connection);
            journal.drop(connection);
            connection.commit();
        } else {
            journal.drop(connection);
        }
    }

    @Override
    public int writesAtOnce() {
        return connections.count();
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        Execution execution = begun();
        long rows = load(execution, collection);
        // While others still write the largest one's rows.
        for (Step step : plan.ofTable(collection.name())) {
            execution.run(step);
        }
        return new WriteResult(rows, 0);
    }

    private long load(Execution execution, RestoredCollection collection) throws IOException {
        int step = plan.rows(collection.name());
        Journal.Note before = execution.before(step);
        if (before.isDone()) {
            return before.rows();
        }
        Connection connection = connections.take();
        try {
            TableLoad load = new TableLoad(connection, dialect, commits, plan.table(collection), step);
            OptionalLong noted = execution.goesOn() ? OptionalLong.of(before.rows()) : OptionalLong.empty();
            return load.run(collection, noted);
        } finally {
            connections.giveBack(connection);
        }
    }

    private Execution begun() {
        Execution execution = begun;
        if (execution == null) {
            throw new IllegalStateException("the restore has not begun");
        }
        return execution;
    }

    @Override
    public void finish() throws IOException {
        Execution execution = begun();
        Crew.run(plan.ofOtherTables(), connections.count(), execution::run);
        Crew.run(plan.parts(), 1, execution::run);
        Crew.run(plan.references(), connections.count(), execution::run);
        Crew.run(plan.last(), 1, execution::run);
        Connection connection = connections.first();
        try {
            List<String> broken = dialect.brokenReferences(connection);
            if (!broken.isEmpty()) {
                acceptBroken(String.join(", ", broken));
            }
            expectWhatWasMade(connection);
            if (commits.isOnce()) {
                connection.commit();
            } else {
                unmark(connection);
            }
        } catch (SQLException e) {
            throw new DatabaseException("finishing the restore", e);
        }
    }

    private void expectWhatWasMade(Connection connection) throws IOException, SQLException {
        if (!commits.isOnce()) {
            connection.setAutoCommit(true);
        }
        Catalog catalog = dialect.catalog(connection, TableFilter.ALL);
        CatalogComparison comparison = new CatalogComparison(dialect, catalog);
        String version = connection.getMetaData().getDatabaseProductVersion();
        // Where counters stand is no part of a catalog, and may be said by making them.
        List<String> positions = Statements.of(attributes, "position");
        List<SchemaStatement> made = new ArrayList<>();
        boolean isAllAsItWas = dialect.deviations(connection, plan.statements()).isEmpty();
        for (SchemaStatement statement : plan.statements()) {
            boolean isAsItWas = isAllAsItWas
                    || dialect.deviations(connection, List.of(statement)).isEmpty();
            if (isAsItWas && !positions.contains(statement.sql())) {
                made.add(statement);
            }
        }
        boolean isSameVersion = version.equals(attributes.get("version"));
        List<String> differences = isSameVersion ? comparison.differences(made) : comparison.differencesInNumber(made);
        if (!differences.isEmpty()) {
            throw new IOException("the database is not what was restored: " + String.join("; ", differences));
        }
    }

    private void acceptBroken(String where) throws IOException {
        if (!whole) {
            throw new IOException("rows refer to rows that were not restored: " + where);
        }
        LOG.warn("Some rows refer to rows that do not exist, as they did in the source: {}", where);
    }

    @Override
    public void close() throws IOException {
        try {
            connections.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing the restore", e);
        }
    }
}
