package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
    @Test
    void databaseThatIsNotEmptyIsRefused(@TempDir Path directory) throws Exception {
        for (boolean file : new boolean[] {true, false}) {
            DataSource source = file ? sqlite(directory.resolve("a")) : h2();
            execute(source, "CREATE TABLE T(A INT)");
            DataSource target = file ? sqlite(directory.resolve("b")) : h2();
            execute(target, "CREATE VIEW BLOCKING AS SELECT 1 X");
            Copy copy = Copy.of(JdbcSource.of(source));
            assertThat(copy.preview(JdbcTarget.empty(target)).blockers())
                    .singleElement()
                    .asString()
                    .contains("not empty", "BLOCKING");
            try (TargetSession session =
                    JdbcTarget.empty(target).open(copy.attributes(), copy.collections(Extent.WHOLE))) {
                assertThatThrownBy(session::begin).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void previewHasNoEffectAndNamesTheStatements() throws Exception {
        DataSource source = h2();
        execute(source, H2RoundTripTest.CRM);
        DataSource target = h2();
        Copy copy = Copy.of(JdbcSource.of(source));
        TargetPreview preview = copy.preview(JdbcTarget.empty(target));
        assertThat(preview.blockers()).isEmpty();
        assertThat(preview.steps()).anyMatch(step -> step.startsWith("CREATE MEMORY TABLE \"PUBLIC\".\"ACCOUNT\""));
        assertThatThrownBy(() -> Copy.open(JdbcSource.of(target))).hasMessageContaining("no tables");
    }

    @Test
    void backupOfAnotherProductIsRefusedByADatabaseInService(@TempDir Path directory) throws Exception {
        DataSource source = h2();
        execute(source, "CREATE TABLE T(A INT)");
        DataSource other = sqlite(directory.resolve("other.sqlite"));
        execute(other, "CREATE TABLE T(A INT)");
        Copy copy = Copy.of(JdbcSource.of(source));
        for (JdbcTarget target : List.of(JdbcTarget.replace(other), JdbcTarget.merge(other, OnConflict.SKIP))) {
            assertThat(copy.preview(target).blockers())
                    .anySatisfy(blocker -> assertThat(blocker).contains("H2", "SQLite"));
        }
    }

    @Test
    void restoreThatWasCutShortIsVisible(@TempDir Path directory) throws Exception {
        DataSource source = h2();
        execute(source, H2RoundTripTest.CRM);
        Copy copy = Copy.of(JdbcSource.of(source));
        DataSource target = h2();
        cutShort(copy, target);
        assertThat(copy.preview(JdbcTarget.empty(target)).blockers())
                .singleElement()
                .asString()
                .contains("not finished", Dialect.MARKER);
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(target)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not finished");

        DataSource file = sqlite(directory.resolve("a"));
        execute(file, SqliteRoundTripTest.CRM);
        Copy fileCopy = Copy.of(JdbcSource.of(file));
        DataSource fileTarget = sqlite(directory.resolve("b"));
        cutShort(fileCopy, fileTarget);
        assertThat(query(fileTarget, "SELECT COUNT(*) FROM sqlite_schema")).isEqualTo("0");
        fileCopy.restore(JdbcTarget.empty(fileTarget));
        assertThat(Copy.of(JdbcSource.of(fileTarget))).isEqualTo(fileCopy);
    }

    @Test
    void anIndexThatGotLostFailsTheRestore(@TempDir Path directory) throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE T (A INT PRIMARY KEY, B INT)",
                "CREATE INDEX LOST ON T (B)",
                "CREATE INDEX KEPT ON T (B, A)");
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThatThrownBy(() -> copy.restore(JdbcTarget.empty(new ForgetfulDataSource(h2(), "LOST"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not what was restored")
                .hasMessageContaining("LOST")
                .hasMessageNotContaining("KEPT");

        DataSource file = sqlite(directory.resolve("a"));
        execute(file, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)", "CREATE INDEX lost ON t (b)");
        Copy fileCopy = Copy.of(JdbcSource.of(file));
        DataSource target = new ForgetfulDataSource(sqlite(directory.resolve("b")), "INDEX lost");
        assertThatThrownBy(() -> fileCopy.restore(JdbcTarget.empty(target)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("lost");
    }

    private static void cutShort(Copy copy, DataSource target) throws IOException {
        var collections = copy.collections(Extent.WHOLE);
        try (TargetSession session = JdbcTarget.empty(target).open(copy.attributes(), collections)) {
            session.begin();
            for (var collection : collections) {
                session.write(collection);
            }
        }
    }

    @Test
    void viewsTriggersAndAliasesNeedTrust() throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE T(A INT)",
                "CREATE VIEW V AS SELECT A FROM T",
                "CREATE ALIAS HALF FOR 'java.lang.Math.abs(int)'",
                "CREATE TABLE PLAIN(A INT)",
                "INSERT INTO T VALUES(3)");
        Copy copy = Copy.of(JdbcSource.of(source));
        DataSource target = h2();
        TargetPreview preview = copy.restore(JdbcTarget.empty(target));
        assertThat(preview.notes())
                .anyMatch(note -> note.contains("trustSchema()") && note.contains("VIEW"))
                .anyMatch(note -> note.contains("trustSchema()") && note.contains("ALIAS"));
        assertThat(preview.steps()).noneMatch(step -> step.contains("VIEW") || step.contains("ALIAS"));
        assertThatThrownBy(() -> query(target, "SELECT * FROM V")).isInstanceOf(java.sql.SQLException.class);
        DataSource trusting = h2();
        copy.restore(JdbcTarget.empty(trusting).trustSchema());
        assertThat(query(trusting, "SELECT A FROM V")).isEqualTo("3");
        assertThat(Copy.of(JdbcSource.of(trusting))).isEqualTo(copy);
    }

    @Test
    void sqliteTriggersNeedTrust(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(
                source,
                "CREATE TABLE t(a)",
                "CREATE TABLE log(a)",
                "INSERT INTO t VALUES(1)",
                "CREATE TRIGGER copies AFTER INSERT ON t BEGIN INSERT INTO log VALUES(new.a); END",
                "CREATE VIEW v AS SELECT a FROM t");
        Copy copy = Copy.of(JdbcSource.of(source));
        DataSource target = sqlite(directory.resolve("b"));
        copy.restore(JdbcTarget.empty(target));
        assertThat(query(target, "SELECT group_concat(name) FROM sqlite_schema WHERE type <> 'table'"))
                .isEqualTo("null");
        DataSource trusting = sqlite(directory.resolve("c"));
        copy.restore(JdbcTarget.empty(trusting).trustSchema());
        assertThat(Copy.of(JdbcSource.of(trusting))).isEqualTo(copy);
        assertThat(query(trusting, "SELECT COUNT(*) FROM log")).isEqualTo("0");
    }

    @Test
    void forgedStatementsAreNotExecuted(@TempDir Path directory) throws Exception {
        DataSource source = h2();
        execute(source, "CREATE TABLE T(A INT)");
        Copy copy = Copy.of(JdbcSource.of(source));
        Path evidence = directory.resolve("evidence");
        String write = "FILE_WRITE('x', '" + evidence + "')";
        for (String sql : List.of(
                "CREATE TABLE \"PUBLIC\".\"T\"(\"A\" INT DEFAULT " + write + " NOT NULL)",
                "CREATE TABLE \"PUBLIC\".\"T\"(\"A\" INT) AS SELECT " + write,
                "CREATE TABLE \"PUBLIC\".\"OTHER\"(\"A\" INT)",
                "CALL " + write)) {
            Copy forged = withTableStatement(copy, Statements.name(0), sql);
            DataSource target = h2();
            assertThat(forged.preview(JdbcTarget.empty(target)).blockers())
                    .as(sql)
                    .hasSize(1);
            try (TargetSession session =
                    JdbcTarget.empty(target).open(forged.attributes(), forged.collections(Extent.WHOLE))) {
                assertThatThrownBy(session::begin).as(sql).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> Copy.open(JdbcSource.of(target))).as(sql).hasMessageContaining("no tables");
        }
        for (String sql : List.of(
                "CALL " + write, "SCRIPT TO '" + evidence + "'", "ALTER TABLE T ADD CHECK (" + write + " > 0)")) {
            for (String list : List.of("before", "after", "position")) {
                Map<String, String> attributes = new HashMap<>(copy.attributes());
                attributes.put(Statements.name(list, 0), sql);
                Copy forged = withTableStatement(new Copy(attributes, copy.parts()), Statements.name(1), sql);
                TargetPreview preview = forged.restore(JdbcTarget.empty(h2()));
                assertThat(preview.notes())
                        .filteredOn(note -> note.contains("trustSchema()"))
                        .as(sql)
                        .hasSize(2);
            }
        }
        assertThat(Files.exists(evidence)).isFalse();
    }

    private static Copy withTableStatement(Copy copy, String name, String sql) {
        Copy.Part part = copy.parts().get("T");
        Map<String, String> attributes = new LinkedHashMap<>(part.schema().attributes());
        attributes.put(name, sql);
        RecordSchema schema = new RecordSchema(
                part.schema().fields(),
                part.schema().keyForm(),
                part.schema().key(),
                part.schema().references(),
                attributes);
        return new Copy(copy.attributes(), Map.of("T", new Copy.Part(schema, part.order(), part.rows())));
    }

    /** Tells when it is deserialised. */
    private static final class Marker implements Serializable {
        private static final long serialVersionUID = 1;
        private static boolean fired;

        private void readObject(ObjectInputStream in) {
            fired = true;
        }
    }

    @Test
    void serialisedObjectsAreNeverDeserialised() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new Marker());
        }
        String hex = java.util.HexFormat.of().formatHex(bytes.toByteArray());
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE T(ID INT PRIMARY KEY, O JAVA_OBJECT, B BLOB, V VARBINARY)",
                "INSERT INTO T VALUES(1, X'" + hex + "', X'" + hex + "', X'" + hex + "')");
        Copy copy = Copy.of(JdbcSource.of(source));
        DataSource target = h2();
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
        assertThat(copy.parts().get("T").rows().get(0).get(1).bytes()).isEqualTo(bytes.toByteArray());
        assertThat(Marker.fired).isFalse();
    }

    @Test
    void partOfADatabaseComesWithoutForeignKeysToTheRest() throws Exception {
        DataSource source = h2();
        execute(source, H2RoundTripTest.CRM);
        DataSource target = h2();
        Copy contacts = Copy.of(JdbcSource.of(source)).only("CONTACT", row -> true);
        TargetPreview preview = contacts.restore(JdbcTarget.empty(target), Extent.SELECTED, new ArrayList<>());
        assertThat(preview.notes())
                .anyMatch(note -> note.contains("a table that it needs is not") && note.contains("FK_ACC"));
        assertThat(query(target, "SELECT COUNT(*) FROM CONTACT")).isEqualTo("2");
    }

    @Test
    void selectedRowsWithoutTheirParentsFail(@TempDir Path directory) throws Exception {
        DataSource source = h2();
        execute(source, H2RoundTripTest.CRM);
        execute(source, "UPDATE CONTACT SET BOSS_ID = 2");
        Copy one = Copy.of(JdbcSource.of(source))
                .only("CONTACT", row -> "1".equals(row.get(0).text()));
        assertThatThrownBy(() -> one.restore(JdbcTarget.empty(h2()), Extent.SELECTED, new ArrayList<>()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refer to rows");

        DataSource file = sqlite(directory.resolve("a"));
        execute(file, SqliteRoundTripTest.CRM);
        Copy fileOne = Copy.of(JdbcSource.of(file))
                .only("contact", row -> "1".equals(row.get(0).text()));
        DataSource fileTarget = sqlite(directory.resolve("b"));
        assertThatThrownBy(() -> fileOne.restore(JdbcTarget.empty(fileTarget), Extent.SELECTED, new ArrayList<>()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("contact -> ");
        assertThat(query(fileTarget, "SELECT COUNT(*) FROM sqlite_schema")).isEqualTo("0");
    }

    @Test
    void wholeDatabaseWithBrokenReferencesComesBackAsItWas(@TempDir Path directory) throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE P(ID INT PRIMARY KEY)",
                "CREATE TABLE C(ID INT PRIMARY KEY, P INT REFERENCES P(ID))",
                "SET REFERENTIAL_INTEGRITY FALSE",
                "INSERT INTO C VALUES(1, 77)",
                "SET REFERENTIAL_INTEGRITY TRUE");
        Copy copy = Copy.of(JdbcSource.of(source));
        DataSource target = h2();
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target))).isEqualTo(copy);

        DataSource file = sqlite(directory.resolve("a"));
        execute(file, "CREATE TABLE c(id INTEGER PRIMARY KEY, p INT REFERENCES p(id))", "INSERT INTO c VALUES(1, 77)");
        Copy fileCopy = Copy.of(JdbcSource.of(file));
        DataSource fileTarget = sqlite(directory.resolve("b"));
        fileCopy.restore(JdbcTarget.empty(fileTarget));
        assertThat(Copy.of(JdbcSource.of(fileTarget))).isEqualTo(fileCopy);
    }
}
