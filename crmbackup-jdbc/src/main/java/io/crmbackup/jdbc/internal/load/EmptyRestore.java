package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.restore.RestoreScript;
import io.crmbackup.jdbc.internal.restore.RowWriter;
import io.crmbackup.jdbc.internal.restore.Trust;
import io.crmbackup.jdbc.internal.sql.DatabaseException;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.RecordCursor;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A restore into an empty database: tables with their primary keys, rows, then what is quicker or only possible when rows are there: other
 * keys, indexes, foreign keys, counters. Where definitions can be rolled back, all of it is one transaction. Otherwise a marker table stands
 * in the database from the first statement to the last.
 */
public final class EmptyRestore implements TargetSession {
    private static final Logger LOG = LoggerFactory.getLogger(EmptyRestore.class);

    private final BorrowedConnection borrowed;
    private final Connection connection;
    private final Dialect dialect;
    private final Map<String, String> attributes;
    private final boolean whole;
    private final RestoreScript script;

    public EmptyRestore(
            BorrowedConnection borrowed,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Trust trust) {
        this.borrowed = borrowed;
        this.connection = borrowed.connection();
        this.dialect = borrowed.dialect();
        this.attributes = Map.copyOf(attributes);
        this.whole = collections.stream().allMatch(collection -> collection.extent() == Extent.WHOLE);
        this.script = new RestoreScript(dialect, attributes, collections, trust);
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
        try {
            blockers.addAll(0, notEmpty());
            dialect.setting(connection).forEach((name, here) -> {
                String then = attributes.getOrDefault(name, "");
                if (!then.equals(here)) {
                    notes.add("the database's " + name + " is " + here + ", the source's was " + then);
                }
            });
            for (SchemaStatement statement : script.beforeRows()) {
                steps.addAll(dialect.steps(connection, statement));
            }
            for (SchemaStatement statement : script.afterRows()) {
                String checked = dialect.checked(statement);
                steps.addAll(checked.equals(statement.sql()) ? dialect.steps(connection, statement) : List.of(checked));
            }
            blockers.addAll(dialect.obstacles(connection, script.afterRows()));
            notes.addAll(dialect.deviations(connection, script.afterRows()));
        } catch (SQLException e) {
            throw new DatabaseException("looking at the database", e);
        }
        return new TargetPreview(blockers, notes, steps);
    }

    private List<String> notEmpty() throws IOException, SQLException {
        Catalog catalog = dialect.catalog(connection, TableFilter.ALL);
        List<String> found =
                new ArrayList<>(catalog.tables().stream().map(Table::collection).toList());
        if (found.contains(Dialect.MARKER)) {
            return List.of("an earlier restore into this database was not finished (it has a table " + Dialect.MARKER
                    + "): empty the database, or take a new one");
        }
        for (List<String> others : List.of(catalog.before(), catalog.after())) {
            others.stream()
                    .map(dialect::statement)
                    .filter(statement -> statement.kind() != SchemaStatement.Type.SCHEMA)
                    .forEach(statement -> found.add(statement.title()));
        }
        return found.isEmpty()
                ? List.of()
                : List.of("the database is not empty: it has "
                        + String.join(", ", found.subList(0, Math.min(5, found.size())))
                        + (found.size() > 5 ? " and " + (found.size() - 5) + " more" : ""));
    }

    @Override
    public void begin() throws IOException {
        try {
            List<String> reasons = new ArrayList<>(notEmpty());
            reasons.addAll(script.blockers());
            reasons.addAll(dialect.obstacles(connection, script.afterRows()));
            if (!reasons.isEmpty()) {
                throw new IOException(String.join("; ", reasons));
            }
            dialect.prepareRestore(connection, attributes);
            connection.setAutoCommit(false);
            if (!dialect.rollsBackDefinitions()) {
                Dialect.execute(connection, "CREATE TABLE " + marker() + " (BEGUN INTEGER)");
            }
        } catch (SQLException e) {
            throw new DatabaseException("beginning the restore", e);
        }
        for (SchemaStatement statement : script.beforeRows()) {
            execute(statement);
        }
    }

    private String marker() {
        return dialect.quote(new TableName(dialect.defaultSchema(), Dialect.MARKER));
    }

    private void execute(SchemaStatement statement) throws IOException {
        try {
            for (String step : dialect.steps(connection, statement)) {
                Dialect.execute(connection, step);
            }
        } catch (SQLException e) {
            throw new DatabaseException("executing " + statement.title(), e);
        }
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        TableName table = TableName.of(collection.name(), dialect.defaultSchema());
        var fields = collection.schema().fields();
        long rows = 0;
        try (RecordCursor cursor = collection.open();
                RowWriter writer = new RowWriter(connection, dialect, dialect.insert(table, fields), fields)) {
            while (cursor.next()) {
                boolean executed = writer.add(cursor.values());
                rows++;
                if (executed && !dialect.rollsBackDefinitions()) {
                    connection.commit();
                }
            }
            writer.flush();
            if (!dialect.rollsBackDefinitions()) {
                connection.commit();
            }
        } catch (SQLException e) {
            throw new DatabaseException("writing table " + collection.name() + " after row " + rows, e);
        }
        return new WriteResult(rows, 0);
    }

    @Override
    public void finish() throws IOException {
        for (SchemaStatement statement : script.afterRows()) {
            if (statement.kind() == SchemaStatement.Type.FOREIGN_KEY) {
                addForeignKey(statement);
            } else {
                execute(statement);
            }
        }
        try {
            List<String> broken = dialect.brokenReferences(connection);
            if (!broken.isEmpty()) {
                acceptBroken(String.join(", ", broken));
            }
            if (!dialect.rollsBackDefinitions()) {
                Dialect.execute(connection, "DROP TABLE " + marker());
            }
            connection.commit();
        } catch (SQLException e) {
            throw new DatabaseException("finishing the restore", e);
        }
    }

    /** Checks the rows; where the source itself had rows that refer to none, a whole restore keeps them. */
    private void addForeignKey(SchemaStatement statement) throws IOException {
        String checked = dialect.checked(statement);
        try {
            Dialect.execute(connection, checked);
        } catch (SQLException e) {
            boolean broken = String.valueOf(e.getSQLState()).startsWith("23");
            if (!broken || checked.equals(statement.sql())) {
                throw new DatabaseException("executing " + statement.title(), e);
            }
            acceptBroken(statement.title());
            execute(statement);
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
            borrowed.close();
        } catch (SQLException e) {
            throw new DatabaseException("closing the restore", e);
        }
    }
}
