package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Merges.databases;
import static io.crmbackup.jdbc.Merges.rows;
import static io.crmbackup.jdbc.Merges.sql;
import static io.crmbackup.jdbc.Merges.table;
import static io.crmbackup.jdbc.Merges.undo;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.CollectionChanges.Conflict;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.TargetChanges;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes that are taken back where their result is still there. */
class UndoTest {
    @TempDir
    private Path directory;

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

    @Test
    void damageIsTakenBackAndWorkSinceStays() throws Exception {
        for (DataSource database : databases(directory)) {
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

    private static final String[] REMARKS = {
        "CREATE TABLE \"account\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"code\" VARCHAR(10))",
        "CREATE TABLE \"remark\" (\"id\" INTEGER NOT NULL PRIMARY KEY, \"kind\" VARCHAR(10), \"about\" VARCHAR(10))",
    };

    /** A field tells which table is meant; numbers are kept as text. */
    private static final Map<String, List<Reference>> BY_ID = Map.of(
            "remark",
            List.of(new Reference("", List.of("about"), "account", List.of("id"), Map.of("kind", "Account"))));

    private static final Map<String, List<Reference>> BY_CODE =
            Map.of("remark", List.of(new Reference("", List.of("about"), "account", List.of("code"))));

    @Test
    void addedRowStaysThatOnlyTheApplicationKnowsToBeReferredTo() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, REMARKS);
            Copy before = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "INSERT INTO \"account\" VALUES (10, 'a'), (11, 'b'), (12, 'c')",
                    "INSERT INTO \"remark\" VALUES (3, 'Account', '12')");
            Copy after = Copy.of(JdbcSource.of(database));
            sql(
                    database,
                    "INSERT INTO \"remark\" VALUES (1, 'Account', '10'), (2, 'Contact', '11'), (4, 'Account', 'other')");

            TargetChanges changes = undo(database, before, after, BY_ID);

            assertThat(rows(database, "SELECT \"id\" FROM \"account\" ORDER BY \"id\""))
                    .isEqualTo("10");
            assertThat(rows(database, "SELECT \"id\" FROM \"remark\" ORDER BY \"id\""))
                    .isEqualTo("1,2,4");
            assertThat(foldedConflicts(table(changes, "account")))
                    .containsExactly("10 [] is referred to by rows that stay");
        }
    }

    @Test
    void addedRowStaysThatRowsOfATableReferToOfWhichNothingIsUndone() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, REMARKS);
            Copy before = Copy.of(JdbcSource.of(database)).only("account", row -> true);
            sql(
                    database,
                    "INSERT INTO \"account\" VALUES (10, 'a'), (11, 'b')",
                    "INSERT INTO \"remark\" VALUES (3, NULL, 'b')");
            Copy after = Copy.of(JdbcSource.of(database));
            undo(database, before, after, BY_CODE);
            assertThat(rows(database, "SELECT \"id\" FROM \"account\"")).isEqualTo("11");
        }
    }

    @Test
    void manyAddedRowsAreLookedForInFewQuestions() throws Exception {
        for (DataSource database : databases(directory)) {
            sql(database, REMARKS);
            Copy before = Copy.of(JdbcSource.of(database));
            StringBuilder rows = new StringBuilder("INSERT INTO \"account\" VALUES (100, 'x')");
            for (int id = 101; id < 3100; id++) {
                rows.append(", (").append(id).append(", 'x')");
            }
            sql(database, rows.toString());
            Copy after = Copy.of(JdbcSource.of(database));
            sql(database, "INSERT INTO \"remark\" VALUES (1, 'Account', '2999')");
            WatchedDatabase watched = WatchedDatabase.of(database, sql -> {});
            undo(watched, before, after, BY_ID);
            assertThat(rows(database, "SELECT \"id\" FROM \"account\" ORDER BY \"id\""))
                    .isEqualTo("2999");
            assertThat(watched.statements().stream()
                            .filter(sql -> sql.matches(".* FROM (ONLY )?\\S*remark\\W? WHERE .* IN .*")))
                    .as("in two previews and the run twice for all, and as often as it takes to find the one")
                    .hasSizeBetween(6, 3 * 30);
        }
    }

    @Test
    void longChainsOfAddedRowsAreTakenBackUpToTheOneThatIsInUse() throws Exception {
        for (DataSource database : databases(directory)) {
            execute(database, TABLES);
            Copy before = Copy.of(JdbcSource.of(database));
            StringBuilder up = new StringBuilder("INSERT INTO note VALUES (100, NULL, NULL, 'junk')");
            for (int id = 101; id < 700; id++) {
                up.append(", (").append(id).append(", NULL, ").append(id - 1).append(", 'junk')");
            }
            execute(database, up.toString());
            Copy after = Copy.of(JdbcSource.of(database));
            execute(database, "INSERT INTO note VALUES (9, NULL, 102, 'work')");
            undo(database, before, after);
            assertThat(query(database, "SELECT id FROM note ORDER BY id")).isEqualTo("1,2,9,100,101,102");
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
