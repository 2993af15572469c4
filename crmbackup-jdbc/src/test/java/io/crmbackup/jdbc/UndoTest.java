package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.ChangeCursor;
import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.CollectionChanges.Conflict;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetChanges;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are taken back where their result is still there. */
class UndoTest {
    @TempDir
    private Path directory;

    /** What is different between two copies of a table. */
    private record Undone(String name, Copy.Part before, Copy.Part after) implements RestoredCollection {
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

    private static final String[] TABLES = {
        "CREATE TABLE account (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(50), phone VARCHAR(50), owner INT)",
        "CREATE TABLE note (id INTEGER NOT NULL PRIMARY KEY, account INT REFERENCES account (id), answers INT"
                + " REFERENCES note (id), body VARCHAR(50))",
        "INSERT INTO account VALUES (1, 'one', '11', 7), (2, 'two', '22', 7), (3, 'three', '33', 7), (4, 'four', '44', 7),"
                + " (5, 'five', '55', 7)",
        "INSERT INTO note VALUES (1, 5, NULL, 'first'), (2, 5, 1, 'second')",
    };

    private static List<String> foldedConflicts(CollectionChanges changes) {
        return changes.conflicts().stream().map(UndoTest::folded).sorted().toList();
    }

    private static String folded(Conflict conflict) {
        return conflict.key() + " " + conflict.fields().toString().toLowerCase(Locale.ROOT) + " " + conflict.reason();
    }

    private static TargetChanges undo(DataSource database, Copy before, Copy after) throws IOException {
        List<RestoredCollection> collections = new ArrayList<>();
        before.parts()
                .forEach((name, part) ->
                        collections.add(new Undone(name, part, after.parts().get(name))));
        try (TargetSession session =
                JdbcTarget.merge(database, OnConflict.REPLACE).open(before.attributes(), collections)) {
            var preview = session.preview();
            assertThat(preview.blockers()).isEmpty();
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
            assertThat(session.changes()).isEqualTo(preview.changes());
            return preview.changes().orElseThrow();
        }
    }

    private List<DataSource> databases() throws Exception {
        return List.of(
                h2(),
                sqlite(directory.resolve("a")),
                PostgresServer.shared().newDatabase(),
                TestedServer.mariaDb().newDatabase());
    }

    @Test
    void damageIsTakenBackAndWorkSinceStays() throws Exception {
        for (DataSource database : databases()) {
            execute(database, TABLES);
            Copy before = Copy.of(JdbcSource.of(database));
            // The damage: fields are overwritten, rows with their children deleted, others added.
            execute(
                    database,
                    "UPDATE account SET name = 'damaged', phone = 'damaged' WHERE id <= 4",
                    "DELETE FROM note WHERE id = 2",
                    "DELETE FROM note WHERE id = 1",
                    "DELETE FROM account WHERE id = 5",
                    "INSERT INTO account VALUES (10, 'junk', NULL, 7), (11, 'junk', NULL, 7), (12, 'junk', NULL, 7)",
                    "INSERT INTO note VALUES (20, 10, NULL, 'junk'), (21, 10, 20, 'junk')");
            Copy after = Copy.of(JdbcSource.of(database));
            // What people did since.
            execute(
                    database,
                    "UPDATE account SET owner = 9 WHERE id = 1",
                    "UPDATE account SET phone = 'new' WHERE id = 2",
                    "UPDATE account SET name = 'three' WHERE id = 3",
                    "DELETE FROM account WHERE id = 4",
                    "UPDATE account SET name = 'useful' WHERE id = 11",
                    "INSERT INTO note VALUES (30, 12, NULL, 'work')");

            TargetChanges changes = undo(database, before, after);

            assertThat(query(database, "SELECT name FROM account ORDER BY id"))
                    .isEqualTo("one,two,three,five,useful,junk");
            assertThat(query(database, "SELECT phone FROM account ORDER BY id")).isEqualTo("11,new,33,55,null,null");
            assertThat(query(database, "SELECT owner FROM account ORDER BY id")).isEqualTo("9,7,7,7,7,7");
            assertThat(query(database, "SELECT id FROM note ORDER BY id")).isEqualTo("1,2,30");
            assertThat(query(database, "SELECT answers FROM note ORDER BY id")).isEqualTo("null,1,null");
            CollectionChanges account = changes.collections().get(0);
            assertThat(foldedConflicts(account))
                    .containsExactly(
                            "11 [name] was changed since",
                            "12 [] is referred to by rows that stay",
                            "2 [phone] was changed since",
                            "4 [] was deleted since");
            assertThat(account.created()).isEqualTo(1);
            assertThat(account.changed()).isEqualTo(3);
            assertThat(account.deleted()).isEqualTo(1);
            assertThat(changes.collections().get(1).deleted()).isEqualTo(2);
        }
    }

    @Test
    void rowThatCameBackOtherwiseIsAConflict() throws Exception {
        DataSource database = h2();
        execute(database, TABLES);
        Copy before = Copy.of(JdbcSource.of(database));
        execute(database, "DELETE FROM account WHERE id = 3");
        execute(database, "DELETE FROM account WHERE id = 4");
        Copy after = Copy.of(JdbcSource.of(database));
        execute(database, "INSERT INTO account VALUES (3, 'three', '33', 7), (4, 'another', '44', 8)");
        TargetChanges changes = undo(database, before, after);
        assertThat(foldedConflicts(changes.collections().get(0)))
                .containsExactly("4 [name, owner] was put there again since, with other values");
        assertThat(query(database, "SELECT name FROM account WHERE id IN (3, 4) ORDER BY id"))
                .isEqualTo("three,another");
    }
}
