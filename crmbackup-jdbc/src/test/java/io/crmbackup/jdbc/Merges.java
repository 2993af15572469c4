package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.ChangeCursor;
import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Restores into databases in service, whose preview has to equal the run, and statements that are the same for all of them. */
final class Merges {
    private Merges() {}

    /** A new database of each product that merges are tested with. */
    static List<DataSource> databases(Path directory) throws Exception {
        return List.of(
                h2(),
                sqlite(directory.resolve("a")),
                PostgresServer.shared().newDatabase(),
                TestedServer.mariaDb().newDatabase());
    }

    /** Executes statements with names in double quotes. */
    static void sql(DataSource database, String... statements) throws Exception {
        execute(
                database,
                Stream.of(statements).map(sql -> quoted(database, sql)).toArray(String[]::new));
    }

    /** What a query with names in double quotes gives. */
    static String rows(DataSource database, String query) throws Exception {
        return query(database, quoted(database, query));
    }

    private static String quoted(DataSource database, String sql) {
        return isMariaDb(database) ? sql.replace('"', '`') : sql;
    }

    /** Whether a database is MariaDB's, or MySQL's, which take names in double quotes for text. */
    static boolean isMariaDb(DataSource database) {
        return database instanceof TestDatabase tested && tested.url().matches("jdbc:(mariadb|mysql):.*");
    }

    static TargetChanges restore(Copy copy, JdbcTarget target) throws IOException {
        return restore(copy.attributes(), copy.collections(Extent.WHOLE), target);
    }

    /** Takes back what is different between two copies, where its result is still there. */
    static TargetChanges undo(DataSource database, Copy before, Copy after) throws IOException {
        return undo(database, before, after, Map.of());
    }

    /** The same, with references that only the application knows. */
    static TargetChanges undo(DataSource database, Copy before, Copy after, Map<String, List<Reference>> told)
            throws IOException {
        List<RestoredCollection> collections = new ArrayList<>();
        before.parts()
                .forEach((name, part) ->
                        collections.add(new Undone(name, part, after.parts().get(name), told)));
        TargetChanges changes;
        // What becomes of rows that a backup has doesn't matter where changes are undone.
        try (TargetSession other = JdbcTarget.merge(database, OnConflict.SKIP).open(before.attributes(), collections)) {
            changes = other.preview().changes().orElseThrow();
        }
        assertThat(restore(before.attributes(), collections, JdbcTarget.merge(database, OnConflict.REPLACE)))
                .isEqualTo(changes);
        return changes;
    }

    static TargetChanges restore(
            Map<String, String> attributes, List<RestoredCollection> collections, JdbcTarget target)
            throws IOException {
        try (TargetSession session = target.open(attributes, collections)) {
            TargetPreview preview = session.preview();
            assertThat(preview.blockers()).isEmpty();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
            assertThat(session.changes()).isEqualTo(preview.changes());
            return session.changes().orElseThrow();
        }
    }

    static CollectionChanges table(TargetChanges changes, String name) {
        return changes.collections().stream()
                .filter(table -> table.collection().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What is different between two copies of a table. */
    private record Undone(String name, Copy.Part before, Copy.Part after, Map<String, List<Reference>> sourceReferences)
            implements RestoredCollection {
        @Override
        public RecordSchema schema() {
            return before.schema();
        }

        @Override
        public Extent extent() {
            return Extent.SELECTED;
        }

        @Override
        public long records() {
            return before.rows().size();
        }

        @Override
        public RecordCursor open() {
            throw new AssertionError("the target should ask for the changes");
        }

        @Override
        public Optional<ChangeCursor> changes() {
            Map<RecordKey, List<FieldValue>> earlier = byKey(before);
            Map<RecordKey, List<FieldValue>> later = byKey(after);
            TreeMap<RecordKey, List<@Nullable List<FieldValue>>> all = new TreeMap<>();
            earlier.forEach((key, row) -> {
                List<@Nullable List<FieldValue>> both = new ArrayList<>();
                both.add(row);
                both.add(later.get(key));
                all.put(key, both);
            });
            later.forEach((key, row) -> {
                List<@Nullable List<FieldValue>> both = new ArrayList<>();
                both.add(null);
                both.add(row);
                all.putIfAbsent(key, both);
            });
            all.values().removeIf(both -> both.get(0) != null && both.get(0).equals(both.get(1)));
            return Optional.of(new Cursor(new ArrayList<>(all.entrySet())));
        }

        private static Map<RecordKey, List<FieldValue>> byKey(Copy.Part part) {
            Map<RecordKey, List<FieldValue>> rows = new TreeMap<>();
            part.rows().forEach(row -> rows.put(RecordKey.of(part.schema(), row), row));
            return rows;
        }
    }

    private static final class Cursor implements ChangeCursor {
        private final List<Map.Entry<RecordKey, List<@Nullable List<FieldValue>>>> changes;
        private int at = -1;

        Cursor(List<Map.Entry<RecordKey, List<@Nullable List<FieldValue>>>> changes) {
            this.changes = changes;
        }

        @Override
        public boolean next() {
            return ++at < changes.size();
        }

        @Override
        public RecordKey key() {
            return changes.get(at).getKey();
        }

        @Override
        public Optional<List<FieldValue>> before() {
            return Optional.ofNullable(changes.get(at).getValue().get(0));
        }

        @Override
        public Optional<List<FieldValue>> after() {
            return Optional.ofNullable(changes.get(at).getValue().get(1));
        }

        @Override
        public void close() {}
    }
}
