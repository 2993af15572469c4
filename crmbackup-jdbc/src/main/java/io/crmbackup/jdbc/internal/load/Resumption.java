package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a restore finds in the database: nothing, or the same restore that was cut short, or something that stands against it.
 *
 * @param refusal why it can't begin or go on
 * @param notes what an earlier run noted of its steps; of the restore itself as step 0
 * @param there what an earlier run left; empty if there was none
 */
record Resumption(Optional<String> refusal, Map<Integer, Journal.Note> notes, Optional<CatalogComparison> there) {
    private static final int MOST_NAMED = 5;

    /** What an empty database may have: it was made so, perhaps like a template of the server's. */
    private static final Set<SchemaStatement.Type> NO_CONTENT = Set.of(
            SchemaStatement.Type.SCHEMA,
            SchemaStatement.Type.EXTENSION,
            SchemaStatement.Type.COMMENT,
            SchemaStatement.Type.RIGHTS);

    private static final Resumption NOTHING = new Resumption(Optional.empty(), Map.of(), Optional.empty());

    private static Resumption refused(String why) {
        return new Resumption(Optional.of(why), Map.of(), Optional.empty());
    }

    /** Looks at a database, with automatic commits on. */
    static Resumption look(Connection connection, Dialect dialect, LoadPlan plan) throws IOException, SQLException {
        Catalog catalog = dialect.catalog(connection, TableFilter.ALL);
        List<String> found =
                new ArrayList<>(catalog.tables().stream().map(Table::collection).toList());
        if (found.contains(Dialect.MARKER)) {
            return unfinished(connection, dialect, plan, catalog);
        }
        Stream.of(catalog.before(), catalog.after())
                .flatMap(List::stream)
                .map(dialect::statement)
                .filter(statement -> !NO_CONTENT.contains(statement.kind()))
                .forEach(statement -> found.add(statement.title()));
        return found.isEmpty()
                ? NOTHING
                : refused("the database is not empty: it has "
                        + String.join(", ", found.subList(0, Math.min(MOST_NAMED, found.size())))
                        + (found.size() > MOST_NAMED ? " and " + (found.size() - MOST_NAMED) + " more" : ""));
    }

    private static Resumption unfinished(Connection connection, Dialect dialect, LoadPlan plan, Catalog catalog) {
        String marked =
                "an earlier restore into this database was not finished (it has a table " + Dialect.MARKER + ")";
        Map<Integer, Journal.Note> notes;
        try {
            notes = new Journal(dialect).read(connection);
        } catch (SQLException e) {
            return refused(marked + ": empty the database, or take a new one");
        }
        Journal.Note restore = notes.getOrDefault(0, Journal.Note.NONE);
        boolean isSame = !restore.state().isEmpty() && restore.state().equals(plan.identity());
        boolean isBarelyBegun = notes.isEmpty() && catalog.tables().size() == 1;
        return isSame || isBarelyBegun
                ? new Resumption(Optional.empty(), notes, Optional.of(new CatalogComparison(dialect, catalog)))
                : refused(marked + ", and it was another one: finish that, empty the database, or take a new one");
    }

    /** Whether the database is empty. */
    boolean isOfNothing() {
        return equals(NOTHING);
    }

    /** Whether an earlier run left something. */
    boolean goesOn() {
        return there.isPresent();
    }

    /** What an earlier run left, in words. */
    List<String> words(LoadPlan plan) {
        if (!goesOn()) {
            return List.of();
        }
        long done = plan.collections().stream()
                .filter(collection -> note(plan.rows(collection.name())).isDone())
                .count();
        List<String> words = new ArrayList<>();
        words.add("goes on with the restore that was cut short: the rows of " + done + " of "
                + plan.collections().size() + " tables are there");
        plan.collections().forEach(collection -> {
            Journal.Note note = note(plan.rows(collection.name()));
            if (note.isBegun()) {
                words.add("goes on in table " + collection.name() + " after row " + note.rows());
            }
        });
        return words;
    }

    private Journal.Note note(int step) {
        return notes.getOrDefault(step, Journal.Note.NONE);
    }
}
