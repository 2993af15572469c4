package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.spi.TargetSession.WriteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeTest {
    private static final String[] CRM = {
        // Found first, and referred to in a circle: contact needs account, account may name a contact.
        "CREATE TABLE ACCOUNT(ID INTEGER PRIMARY KEY, NAME VARCHAR(100), OWNER_ID INT)",
        "CREATE TABLE CONTACT(ID INTEGER PRIMARY KEY, ACCOUNT_ID INT NOT NULL REFERENCES ACCOUNT(ID), BOSS_ID INT REFERENCES"
                + " CONTACT(ID), NAME VARCHAR(100))",
        "CREATE TABLE A_TAG(A INT, B VARCHAR(10) NOT NULL, CONTACT_ID INT REFERENCES CONTACT(ID), PRIMARY KEY(B, A))",
    };
    private static final String[] ROWS = {
        "INSERT INTO ACCOUNT VALUES(1, 'one', NULL), (2, 'two', NULL)",
        "INSERT INTO CONTACT VALUES(10, 1, NULL, 'ten'), (20, 2, 10, 'twenty'), (5, 1, 20, 'five')",
        "INSERT INTO A_TAG VALUES(1, 'x', 10), (2, 'x', 20)",
        "UPDATE ACCOUNT SET OWNER_ID = 20 WHERE ID = 1",
    };

    private static DataSource h2Crm() throws Exception {
        DataSource source = h2();
        execute(source, CRM);
        execute(source, "ALTER TABLE ACCOUNT ADD FOREIGN KEY(OWNER_ID) REFERENCES CONTACT(ID)");
        execute(source, ROWS);
        return source;
    }

    private static DataSource sqliteCrm(Path file) throws Exception {
        DataSource source = sqlite(file);
        String[] sql = CRM.clone();
        sql[0] = sql[0].replace("OWNER_ID INT", "OWNER_ID INT REFERENCES CONTACT(ID)");
        sql[2] = sql[2].replace("A INT,", "A INT NOT NULL,");
        execute(source, sql);
        execute(source, ROWS);
        return source;
    }

    @Test
    void deletedRowsComeBackAndOthersStay(@TempDir Path directory) throws Exception {
        for (DataSource source : List.of(h2Crm(), sqliteCrm(directory.resolve("a")))) {
            Copy before = Copy.of(JdbcSource.of(source));
            execute(
                    source,
                    "UPDATE ACCOUNT SET OWNER_ID = NULL",
                    "DELETE FROM A_TAG",
                    "UPDATE CONTACT SET BOSS_ID = NULL",
                    "DELETE FROM CONTACT",
                    "DELETE FROM ACCOUNT WHERE ID = 1",
                    "UPDATE ACCOUNT SET NAME = 'newer' WHERE ID = 2",
                    "INSERT INTO ACCOUNT VALUES(3, 'three', NULL)");
            List<WriteResult> results = new ArrayList<>();
            before.restore(JdbcTarget.merge(source, OnConflict.SKIP), Extent.WHOLE, results);
            assertThat(results.stream().mapToLong(WriteResult::written).sum()).isEqualTo(6);
            assertThat(results.stream().mapToLong(WriteResult::skipped).sum()).isEqualTo(1);
            Copy after = Copy.of(JdbcSource.of(source));
            assertThat(after.parts().get("CONTACT")).isEqualTo(before.parts().get("CONTACT"));
            assertThat(after.parts().get("A_TAG")).isEqualTo(before.parts().get("A_TAG"));
            assertThat(query(source, "SELECT NAME FROM ACCOUNT ORDER BY ID")).isEqualTo("one,newer,three");
            assertThat(query(source, "SELECT OWNER_ID FROM ACCOUNT ORDER BY ID"))
                    .isEqualTo("20,null,null");
        }
    }

    @Test
    void replaceBringsOldValuesBack(@TempDir Path directory) throws Exception {
        for (DataSource source : List.of(h2Crm(), sqliteCrm(directory.resolve("a")))) {
            Copy before = Copy.of(JdbcSource.of(source));
            execute(
                    source,
                    "UPDATE ACCOUNT SET NAME = 'wrong', OWNER_ID = 10",
                    "UPDATE CONTACT SET BOSS_ID = 5",
                    "DELETE FROM A_TAG WHERE A = 1",
                    "INSERT INTO ACCOUNT VALUES(3, 'three', NULL)");
            before.restore(JdbcTarget.merge(source, OnConflict.REPLACE));
            execute(source, "DELETE FROM ACCOUNT WHERE ID = 3");
            assertThat(Copy.of(JdbcSource.of(source)).parts()).isEqualTo(before.parts());
        }
    }

    @Test
    void rowThatIsThereBlocksWhereThatIsAsked(@TempDir Path directory) throws Exception {
        for (DataSource source : List.of(h2Crm(), sqliteCrm(directory.resolve("a")))) {
            Copy before = Copy.of(JdbcSource.of(source));
            execute(source, "DELETE FROM A_TAG");
            assertThat(before.preview(JdbcTarget.merge(source, OnConflict.FAIL)).blockers())
                    .containsExactlyInAnyOrder(
                            "table ACCOUNT has 2 of the rows already", "table CONTACT has 3 of the rows already");
            Copy tags = before.only("A_TAG", row -> true);
            tags.restore(JdbcTarget.merge(source, OnConflict.FAIL));
            assertThat(Copy.of(JdbcSource.of(source)).parts()).isEqualTo(before.parts());
        }
    }

    @Test
    void mergeThatWasCutShortHasNoEffect(@TempDir Path directory) throws Exception {
        for (DataSource source : List.of(h2Crm(), sqliteCrm(directory.resolve("a")))) {
            Copy before = Copy.of(JdbcSource.of(source));
            execute(source, "DELETE FROM A_TAG", "UPDATE ACCOUNT SET NAME = 'changed'");
            Copy changed = Copy.of(JdbcSource.of(source));
            var collections = before.collections(Extent.WHOLE);
            try (TargetSession session =
                    JdbcTarget.merge(source, OnConflict.REPLACE).open(before.attributes(), collections)) {
                session.begin();
                for (var collection : collections) {
                    session.write(collection);
                }
            }
            assertThat(Copy.of(JdbcSource.of(source))).isEqualTo(changed);
        }
    }

    @Test
    void rowWhoseParentIsGoneFailsAndChangesNothing(@TempDir Path directory) throws Exception {
        for (DataSource source : List.of(h2Crm(), sqliteCrm(directory.resolve("a")))) {
            Copy before = Copy.of(JdbcSource.of(source));
            execute(
                    source,
                    "DELETE FROM A_TAG",
                    "UPDATE CONTACT SET BOSS_ID = NULL",
                    "DELETE FROM CONTACT WHERE ID = 10");
            Copy changed = Copy.of(JdbcSource.of(source));
            Copy tags = before.only("A_TAG", row -> true);
            assertThat(tags.preview(JdbcTarget.merge(source, OnConflict.SKIP)).blockers())
                    .containsExactly(
                            "table A_TAG: 1 row with a reference to rows of CONTACT which are neither there nor"
                                    + " restored, with the key x, 1");
            assertThatThrownBy(() -> runWithoutPreview(tags, JdbcTarget.merge(source, OnConflict.SKIP)))
                    .isInstanceOf(IOException.class);
            assertThat(Copy.of(JdbcSource.of(source))).isEqualTo(changed);
        }
    }

    private static void runWithoutPreview(Copy copy, JdbcTarget target) throws IOException {
        var collections = copy.collections(Extent.WHOLE);
        try (TargetSession session = target.open(copy.attributes(), collections)) {
            session.begin();
            for (var collection : collections) {
                session.write(collection);
            }
            session.finish();
        }
    }

    @Test
    void differencesOfTheSchemaAreNamedBeforeAnythingIsWritten() throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE GONE(ID INT PRIMARY KEY)",
                "CREATE TABLE KEYLESS(A INT)",
                "CREATE TABLE REKEYED(A INT PRIMARY KEY, B INT NOT NULL)",
                "CREATE TABLE CHANGED(ID INT PRIMARY KEY, LESS INT, NARROW VARCHAR(20))");
        Copy copy = Copy.of(JdbcSource.of(source));
        execute(
                source,
                "DROP TABLE GONE",
                "DROP TABLE REKEYED",
                "CREATE TABLE REKEYED(A INT, B INT PRIMARY KEY)",
                "ALTER TABLE CHANGED DROP COLUMN LESS",
                "ALTER TABLE CHANGED ADD COLUMN MORE INT",
                "ALTER TABLE CHANGED ALTER COLUMN NARROW VARCHAR(5)");
        var preview = copy.preview(JdbcTarget.merge(source, OnConflict.SKIP));
        assertThat(preview.blockers())
                .containsExactlyInAnyOrder(
                        "the database has no table GONE",
                        "table KEYLESS has no primary key: its rows can't be told from others",
                        "table REKEYED has the primary key [B], in the backup it is [A]");
        assertThat(preview.notes())
                .anyMatch(note -> note.contains("CHANGED.LESS"))
                .anyMatch(note -> note.contains("CHANGED.MORE"))
                .anyMatch(note -> note.contains("CHANGED.NARROW"));
    }

    @Test
    void circleThatCannotBeBrokenIsRefused() throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE A(ID INT PRIMARY KEY, B INT NOT NULL)",
                "CREATE TABLE B(ID INT PRIMARY KEY, A INT NOT NULL REFERENCES A(ID))",
                "ALTER TABLE A ADD FOREIGN KEY(B) REFERENCES B(ID)");
        assertThat(Copy.of(JdbcSource.of(source))
                        .preview(JdbcTarget.merge(source, OnConflict.SKIP))
                        .blockers())
                .hasSize(2)
                .allMatch(blocker -> blocker.contains("circle"));
    }

    @Test
    void circleOfMandatoryReferencesIsNoMatterWhereTheyAreCheckedAtTheEnd(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(
                source,
                "CREATE TABLE a(id INTEGER PRIMARY KEY, b INT NOT NULL REFERENCES b(id))",
                "CREATE TABLE b(id INTEGER PRIMARY KEY, a INT NOT NULL REFERENCES a(id))",
                "INSERT INTO a VALUES(1, 1)",
                "INSERT INTO b VALUES(1, 1)");
        Copy copy = Copy.of(JdbcSource.of(source));
        execute(source, "DELETE FROM a", "DELETE FROM b");
        copy.restore(JdbcTarget.merge(source, OnConflict.FAIL));
        assertThat(Copy.of(JdbcSource.of(source))).isEqualTo(copy);
    }

    @Test
    void collectionsInAnyOrderAreWrittenParentsFirst() throws Exception {
        DataSource source = h2Crm();
        Copy before = Copy.of(JdbcSource.of(source));
        execute(
                source,
                "DELETE FROM A_TAG",
                "UPDATE ACCOUNT SET OWNER_ID = NULL",
                "DELETE FROM CONTACT",
                "DELETE FROM ACCOUNT");
        for (List<String> order :
                List.of(List.of("A_TAG", "CONTACT", "ACCOUNT"), List.of("CONTACT", "A_TAG", "ACCOUNT"))) {
            Map<String, Copy.Part> parts = new LinkedHashMap<>();
            order.forEach(name -> parts.put(name, before.parts().get(name)));
            new Copy(before.attributes(), parts).restore(JdbcTarget.merge(source, OnConflict.REPLACE));
            assertThat(Copy.of(JdbcSource.of(source)).parts()).isEqualTo(before.parts());
        }
    }
}
