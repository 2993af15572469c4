package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.h2.api.Trigger;
import org.h2.tools.Server;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All rows of H2 become what they were, in one transaction, while nobody else does anything. */
final class H2ReplaceTest {
    private static final int STEP = Integer.getInteger("crmbackup.breakEvery", 4);

    @TempDir
    private Path directory;

    private DataSource database = Databases.h2();

    @BeforeEach
    void connect() {
        database = Databases.h2File(directory.resolve("db"));
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = database.getConnection()) {
            execute(connection, statements);
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return number(connection, sql);
        }
    }

    /** References in circles, and of rows to rows of the same table. */
    private Copy begin() throws SQLException, IOException {
        execute(
                "CREATE SEQUENCE s START WITH 100",
                "CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v varchar(20) UNIQUE, favourite int, first int)",
                "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent (id) ON DELETE CASCADE, v varchar(20),"
                        + " above int REFERENCES child (id), twice int GENERATED ALWAYS AS (id * 2), text clob)",
                "ALTER TABLE parent ADD FOREIGN KEY (favourite) REFERENCES child (id)",
                "CREATE TABLE nothing (id int PRIMARY KEY)",
                "CREATE SCHEMA other",
                "CREATE TABLE other.note (what varchar(10), parent int REFERENCES public.parent (id))",
                "CREATE VIEW everybody AS SELECT id FROM child",
                "INSERT INTO parent (v) VALUES ('a'), ('b')",
                "INSERT INTO child (id, parent, v, above, text) VALUES (2, 2, 'as it was', NULL, repeat('long ', 10000)),"
                        + " (1, 1, 'as it was', 2, NULL)",
                "UPDATE parent SET favourite = 3 - id",
                "INSERT INTO other.note VALUES ('x', 1), ('x', 1), (NULL, NULL)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(
                "DELETE FROM other.note",
                "UPDATE parent SET favourite = NULL",
                "UPDATE child SET above = NULL",
                "DELETE FROM parent WHERE id = 1",
                "INSERT INTO parent (v) VALUES ('c'), ('a')",
                "UPDATE child SET v = 'otherwise'",
                "INSERT INTO nothing VALUES (7)",
                "ALTER SEQUENCE s RESTART WITH 5000",
                "INSERT INTO child (id) SELECT x FROM system_range(1000, 5000)",
                "ANALYZE");
        return copy;
    }

    /** Definitions hold what H2 has found out about the rows. */
    private static Map<String, List<List<FieldValue>>> rows(Copy copy) {
        Map<String, List<List<FieldValue>>> rows = new TreeMap<>();
        copy.parts().forEach((name, part) -> rows.put(name, part.rows()));
        return rows;
    }

    private static void write(TargetSession session, List<RestoredCollection> collections) throws IOException {
        session.begin();
        for (RestoredCollection collection : collections) {
            session.write(collection);
        }
    }

    @Test
    void rowsAndCountersBecomeWhatTheyWereWhileOthersWait() throws Exception {
        Copy copy = begin();
        Copy damaged = Copy.of(JdbcSource.of(database));
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        ExecutorService others = Executors.newFixedThreadPool(2);
        try (Connection reader = database.getConnection();
                Connection writer = database.getConnection()) {
            Future<Long> read;
            Future<?> written;
            try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections)) {
                assertThat(session.preview().blockers()).isEmpty();
                assertThat(session.preview().steps())
                        .as("no definition is changed")
                        .isEmpty();
                Source held = session.hold().orElseThrow();
                assertThat(rows(Copy.of(held))).isEqualTo(rows(damaged));
                assertThatThrownBy(() -> database.getConnection().close())
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("exclusive");
                read = others.submit(() -> number(reader, "SELECT COUNT(*) FROM child WHERE v = 'as it was'"));
                written = others.submit(() -> {
                    execute(writer, "INSERT INTO child (id, v) VALUES (77, 'after it')");
                    return null;
                });
                write(session, collections);
                try (Capture staged = session.staged().orElseThrow().capture(null)) {
                    assertThat(rows(Copy.of(staged))).isEqualTo(rows(copy));
                }
                assertThat(read.isDone() || written.isDone())
                        .as("whether somebody got in")
                        .isFalse();
                session.finish();
            }
            assertThat(read.get()).isEqualTo(2);
            written.get();
        } finally {
            others.shutdownNow();
        }
        assertThat(number("SELECT COUNT(*) FROM child WHERE v = 'after it'")).isEqualTo(1);
        execute("DELETE FROM child WHERE id = 77");
        assertThat(rows(Copy.of(JdbcSource.of(database)))).isEqualTo(rows(copy));
        execute("INSERT INTO parent (v) VALUES ('next')");
        assertThat(number("SELECT id FROM parent WHERE v = 'next'")).isEqualTo(3);
        assertThat(number("SELECT NEXT VALUE FOR s")).isEqualTo(100);
        assertThatThrownBy(() -> execute("INSERT INTO child (id, parent) VALUES (9, 9)"))
                .as("references are checked again")
                .hasMessageContaining("Referential integrity");
    }

    @Test
    void openTransactionsOfOthersAreWaitedForAndNamed() throws Exception {
        Copy copy = begin();
        try (Connection other = database.getConnection();
                TargetSession session = JdbcTarget.replace(database)
                        .open(copy.attributes(), copy.collections(RestoredCollection.Extent.WHOLE))) {
            assertThat(session.preview().blockers()).isEmpty();
            other.setAutoCommit(false);
            execute(other, "INSERT INTO nothing VALUES (8)");
            assertThatThrownBy(session::hold)
                    .hasMessageContaining("others have a transaction open")
                    .hasMessageContaining("SA");
            other.commit();
            assertThat(session.hold()).isPresent();
        }
        assertThat(number("SELECT COUNT(*) FROM nothing")).isEqualTo(2);
    }

    @Test
    void whatCannotGoBackWithRowsIsNamed() throws Exception {
        Copy copy = begin();
        execute(
                "CREATE TRIGGER t BEFORE INSERT ON child FOR EACH ROW CALL '" + Nothing.class.getName() + "'",
                "ALTER TABLE parent ADD COLUMN more int",
                "CREATE TABLE newer (id int PRIMARY KEY)");
        assertThat(copy.preview(JdbcTarget.replace(database)).blockers())
                .anyMatch(text -> text.contains("table CHILD has triggers"))
                .anyMatch(text -> text.contains("definitions are not what they were")
                        && text.contains("PARENT")
                        && text.contains("NEWER"));
    }

    @Test
    void aRestoreThatEndsBeforeItIsFinishedLeavesEverythingAsItWas() throws Exception {
        Copy copy = begin();
        Copy damaged = Copy.of(JdbcSource.of(database));
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        for (int step = 0; step < 3; step++) {
            try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections)) {
                session.hold();
                if (step == 1) {
                    session.begin();
                } else if (step == 2) {
                    write(session, collections);
                    session.staged();
                }
            }
            assertThat(rows(Copy.of(JdbcSource.of(database)))).isEqualTo(rows(damaged));
            assertThatThrownBy(() -> execute("INSERT INTO child (id, parent) VALUES (9, 9)"))
                    .as("references are checked again")
                    .hasMessageContaining("Referential integrity");
        }
        copy.restore(JdbcTarget.replace(database));
        assertThat(rows(Copy.of(JdbcSource.of(database)))).isEqualTo(rows(copy));
    }

    @Test
    void rowsOfTablesThatAreLeftOutKeepWhatTheyReferTo() throws Exception {
        JdbcSource source = JdbcSource.from(database).exclude("tmp_*").build();
        begin();
        execute(
                "CREATE TABLE tmp_x (id int PRIMARY KEY, parent int REFERENCES parent (id))",
                "INSERT INTO tmp_x VALUES (1, 2)");
        Copy copy = Copy.of(source);
        execute(
                "UPDATE child SET v = 'lost'",
                "INSERT INTO parent OVERRIDING SYSTEM VALUE VALUES (77, 'newer', NULL, NULL)");
        copy.restore(source.inPlace().orElseThrow());
        assertThat(rows(Copy.of(source))).isEqualTo(rows(copy));
        assertThat(number("SELECT parent FROM tmp_x")).isEqualTo(2);

        execute(
                "INSERT INTO parent OVERRIDING SYSTEM VALUE VALUES (77, 'newer', NULL, NULL)",
                "INSERT INTO tmp_x VALUES (2, 77)");
        assertThatThrownBy(() -> copy.restore(source.inPlace().orElseThrow()))
                .hasMessageContaining("TMP_X -> PARENT: 1 row(s)");
        assertThat(number("SELECT COUNT(*) FROM parent WHERE id = 77")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatBreaksOffLeavesReferencesChecked(DyingDataSource.Last last) throws Exception {
        Copy copy = begin();
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        // Somebody keeps the database open, and with it its switches.
        try (Connection witness = database.getConnection()) {
            int broken = 0;
            for (int statements = 1; ; statements += STEP) {
                DyingDataSource dying = DyingDataSource.once(database, statements, last);
                try (TargetSession session = JdbcTarget.replace(dying).open(copy.attributes(), collections)) {
                    session.preview();
                    session.hold();
                    write(session, collections);
                    session.staged();
                    session.finish();
                } catch (Exception e) {
                    assertThat(dying.isDead())
                            .as("statement %d: %s", statements, e)
                            .isTrue();
                    broken++;
                }
                assertThatThrownBy(() -> execute(witness, "INSERT INTO child (id, parent) VALUES (9, 9)"))
                        .as("statement %d", statements)
                        .hasMessageContaining("Referential integrity");
                if (!dying.isDead()) {
                    break;
                }
            }
            assertThat(broken).isGreaterThan(5);
        }
    }

    @Test
    void aTableOfTheSameNameInAnotherSchemaHidesNoBrokenReference() throws Exception {
        JdbcSource source = JdbcSource.from(database).exclude("child").build();
        execute(
                "CREATE TABLE parent (id int PRIMARY KEY)",
                "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent (id))",
                "CREATE SCHEMA other",
                "CREATE TABLE other.child (id int PRIMARY KEY)");
        Copy copy = Copy.of(source);
        execute("INSERT INTO parent VALUES (77)", "INSERT INTO child VALUES (1, 77)");
        assertThatThrownBy(() -> copy.restore(source.inPlace().orElseThrow()))
                .hasMessageContaining("CHILD -> PARENT: 1 row(s)")
                .hasMessageContaining("leaves out");
        assertThat(number("SELECT COUNT(*) FROM parent")).isEqualTo(1);
    }

    @Test
    void aSequenceStaysWhoseNumbersTablesThatAreLeftOutMayHave() throws Exception {
        JdbcSource source = JdbcSource.from(database).exclude("tmp_*").build();
        execute(
                "CREATE SEQUENCE s START WITH 100",
                "CREATE TABLE note (id int DEFAULT NEXT VALUE FOR s PRIMARY KEY, number int GENERATED BY DEFAULT AS IDENTITY)",
                "CREATE TABLE tmp_x (id int DEFAULT NEXT VALUE FOR s PRIMARY KEY)",
                "INSERT INTO note (number) VALUES (DEFAULT)");
        Copy copy = Copy.of(source);
        execute("INSERT INTO tmp_x VALUES (DEFAULT)", "INSERT INTO note (number) VALUES (DEFAULT)");
        assertThat(notes(copy, source.inPlace().orElseThrow()))
                .singleElement()
                .asString()
                .contains("leaves out", "\"S\" RESTART WITH 101");
        execute("INSERT INTO tmp_x VALUES (DEFAULT)", "INSERT INTO note (id) VALUES (1)");
        assertThat(number("SELECT MAX(id) FROM tmp_x")).isEqualTo(103);
        assertThat(number("SELECT number FROM note WHERE id = 1"))
                .as("a counter of a table that is restored goes back")
                .isEqualTo(2);
    }

    @Test
    void countersThatWereUsedUpAreUsedUpAgain() throws Exception {
        execute(
                "CREATE SEQUENCE s START WITH 2 MAXVALUE 2",
                "CREATE TABLE note (id int DEFAULT NEXT VALUE FOR s, number tinyint GENERATED BY DEFAULT AS IDENTITY(START WITH 127))",
                "INSERT INTO note DEFAULT VALUES");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute(
                "DELETE FROM note",
                "ALTER SEQUENCE s RESTART WITH 2",
                "ALTER TABLE note ALTER COLUMN number RESTART WITH 127");
        assertThat(notes(copy, JdbcTarget.replace(database))).isEmpty();
        assertThatThrownBy(() -> execute("INSERT INTO note (id) VALUES (2)")).hasMessageContaining("run out");
        assertThatThrownBy(() -> execute("INSERT INTO note (number) VALUES (2)"))
                .hasMessageContaining("run out");
        assertThat(number("SELECT number FROM note")).isEqualTo(127);
    }

    @Test
    void aCounterThatCannotBeSetIsToldByARestoreThatIsComplete() throws Exception {
        execute("CREATE SEQUENCE s MINVALUE 1 MAXVALUE 200 START WITH 100", "CREATE TABLE note (id int PRIMARY KEY)");
        Copy copy = Copy.of(JdbcSource.of(database));
        execute("INSERT INTO note VALUES (1)", "ALTER SEQUENCE s RESTART WITH 150");
        Map<String, String> attributes = new HashMap<>(copy.attributes());
        attributes.replaceAll((name, value) -> value.replace("RESTART WITH 100", "RESTART WITH 300"));
        assertThat(attributes).isNotEqualTo(copy.attributes());
        assertThat(notes(new Copy(attributes, copy.parts()), JdbcTarget.replace(database)))
                .singleElement()
                .asString()
                .contains("a counter stays where it stands", "RESTART WITH 300");
        assertThat(number("SELECT COUNT(*) FROM note")).isZero();
        assertThat(number("SELECT NEXT VALUE FOR s")).isEqualTo(150);
    }

    /** Restores; what the restore then says. */
    private static List<String> notes(Copy copy, Target target) throws IOException {
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        try (TargetSession session = target.open(copy.attributes(), collections)) {
            assertThat(session.preview().blockers()).isEmpty();
            session.hold();
            write(session, collections);
            session.finish();
            return session.notes();
        }
    }

    @Test
    void aDatabaseOfAnotherProcessIsRefusedIfTablesReferToEachOther() throws Exception {
        Server server = Server.createTcpServer("-tcpPort", "0", "-baseDir", directory.toString(), "-ifNotExists")
                .start();
        try {
            database = new DriverDataSource("jdbc:h2:tcp://localhost:" + server.getPort() + "/./remote", "sa");
            execute("CREATE TABLE alone (id int PRIMARY KEY)", "INSERT INTO alone VALUES (1)");
            Copy copy = Copy.of(JdbcSource.of(database));
            execute("DELETE FROM alone");
            copy.restore(JdbcTarget.replace(database));
            assertThat(number("SELECT COUNT(*) FROM alone")).isEqualTo(1);

            execute("CREATE TABLE child (id int REFERENCES alone (id))");
            assertThat(Copy.of(JdbcSource.of(database))
                            .preview(JdbcTarget.replace(database))
                            .blockers())
                    .anyMatch(text -> text.contains("another process"));
        } finally {
            server.stop();
        }
    }

    /** Does nothing. */
    public static final class Nothing implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {}
    }
}
