package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup says of its schema is whatever somebody wrote: it is restored or refused, and runs nothing. */
class DamagedSchemaTest {
    /** How many backups are damaged for each kind of target. */
    private static final int BACKUPS = Integer.getInteger("crmbackup.damagedBackups", 150);

    /** The same where a server is asked for each. */
    private static final int OF_SERVERS = 1 + BACKUPS / 10;

    private static final String[] TABLES = {
        "CREATE SCHEMA S",
        "CREATE DOMAIN S.CODE AS VARCHAR(10) DEFAULT 'x' CHECK (LENGTH(VALUE) > 0)",
        "CREATE SEQUENCE S.SEQ START WITH 5 INCREMENT BY 2",
        "CREATE TABLE ACCOUNT(ID BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, NAME VARCHAR(100) DEFAULT 'it''s' UNIQUE,"
                + " CODE S.CODE, N INT DEFAULT NEXT VALUE FOR S.SEQ, G INT GENERATED ALWAYS AS (N + 1), CHECK (N < 100))",
        "CREATE TABLE S.CONTACT(ID INT PRIMARY KEY, ACCOUNT BIGINT REFERENCES PUBLIC.ACCOUNT ON DELETE SET NULL, AT TIMESTAMP(3) WITH TIME ZONE)",
        "CREATE INDEX BY_AT ON S.CONTACT(AT DESC, ID)",
        "COMMENT ON TABLE ACCOUNT IS 'who pays'",
        "INSERT INTO ACCOUNT(NAME, CODE) VALUES('a', 'c'), ('b', NULL)",
        "INSERT INTO S.CONTACT VALUES(1, 1, '2024-01-01 00:00:00+00'), (2, NULL, NULL)",
        "CREATE ALIAS ALARM FOR \"io.crmbackup.jdbc.H2Code$Alarm.ring\"",
        "CREATE VIEW ALARMING AS SELECT ID, ALARM() AS RUNG FROM ACCOUNT",
        "CREATE TRIGGER INCREMENT BEFORE INSERT ON ACCOUNT FOR EACH ROW CALL \"io.crmbackup.jdbc.H2Code$Increment\"",
    };

    @TempDir
    private Path directory;

    @FunctionalInterface
    private interface Attempt {
        void make(Copy damaged) throws Exception;
    }

    /** Tries many; what is thrown but an IOException, which every restore reports, is a defect. */
    private static void damage(Copy copy, int backups, Attempt attempt) {
        long seed = Long.getLong("crmbackup.seed", 1);
        for (int i = 0; i < backups; i++) {
            Copy damaged = new Damage(new Random(seed + i)).of(copy);
            try {
                attempt.make(damaged);
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotBlank();
            } catch (Exception | AssertionError e) {
                throw new AssertionError("seed " + (seed + i) + ": " + difference(copy, damaged), e);
            }
        }
    }

    private static String difference(Copy copy, Copy damaged) {
        StringBuilder text = new StringBuilder();
        describe(copy.attributes(), damaged.attributes(), text);
        damaged.parts()
                .forEach((name, part) -> describe(
                        copy.parts().get(name).schema().attributes(),
                        part.schema().attributes(),
                        text));
        return text.toString();
    }

    private static void describe(Map<String, String> was, Map<String, String> is, StringBuilder text) {
        was.forEach((name, value) -> {
            if (!is.containsKey(name)) {
                text.append("\nwithout ").append(name);
            }
        });
        is.forEach((name, value) -> {
            if (!value.equals(was.get(name))) {
                text.append('\n').append(name).append(" = ").append(value);
            }
        });
    }

    /** Looks; restores if nothing stands against it. */
    private static boolean restore(Copy copy, Target target) throws IOException {
        List<RestoredCollection> collections = copy.collections(Extent.WHOLE);
        try (TargetSession session = target.open(copy.attributes(), collections)) {
            TargetPreview preview = session.preview();
            if (!preview.blockers().isEmpty()) {
                return false;
            }
            session.begin();
            for (RestoredCollection collection : collections) {
                session.write(collection);
            }
            session.finish();
            return true;
        }
    }

    @Test
    void restoresIntoAnEmptyDatabaseOrChangesNothing() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        Copy copy = Copy.of(JdbcSource.of(source));
        H2Code.Alarm.RUNG.set(0);
        damage(copy, BACKUPS, damaged -> {
            DataSource target = h2();
            try {
                if (!restore(damaged, JdbcTarget.empty(target))) {
                    assertThat(query(
                                    target,
                                    "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES"
                                            + " WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'"))
                            .isEqualTo("0");
                }
            } finally {
                assertThat(query(target, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.ROUTINES"))
                        .isEqualTo("0");
                assertThat(query(target, "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TRIGGERS"))
                        .isEqualTo("0");
                execute(target, "SHUTDOWN");
            }
        });
        assertThat(H2Code.Alarm.RUNG.get()).isZero();
    }

    @Test
    void readsBackupsOfAnotherProduct() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        Copy copy = Copy.of(JdbcSource.of(source));
        int[] number = {0};
        damage(
                copy,
                BACKUPS,
                damaged -> restore(damaged, JdbcTarget.empty(sqlite(directory.resolve("t" + number[0]++ + ".db")))));
    }

    @Test
    void readsBackupsOfSqlite() throws Exception {
        DataSource source = sqlite(directory.resolve("source.db"));
        execute(
                source,
                "CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE UNIQUE, CHECK (name <> ''))",
                "CREATE TABLE contact (account INT REFERENCES account DEFERRABLE INITIALLY DEFERRED, [a b] INT AS (account + 1)) STRICT",
                "CREATE INDEX i ON contact(account) WHERE account > 0",
                "CREATE VIRTUAL TABLE words USING fts5(word)",
                "CREATE TRIGGER t AFTER INSERT ON contact BEGIN DELETE FROM account; END",
                "INSERT INTO account VALUES (3, 'a')",
                "INSERT INTO words VALUES ('one')",
                "PRAGMA user_version = 7");
        Copy copy = Copy.of(JdbcSource.of(source));
        int[] number = {0};
        damage(
                copy,
                BACKUPS,
                damaged -> restore(damaged, JdbcTarget.empty(sqlite(directory.resolve("t" + number[0]++ + ".db")))));
        damage(copy, BACKUPS / 5, damaged -> damaged.preview(JdbcTarget.replace(source)));
    }

    @Test
    void readsBackupsOfPostgres() throws Exception {
        TestDatabase source = Samples.wholeSchema(TestedServer.postgres());
        Copy copy = Copy.of(JdbcSource.of(source));
        TestDatabase target = TestedServer.postgres().newDatabase();
        damage(copy, OF_SERVERS, damaged -> damaged.preview(JdbcTarget.empty(target)));
        damage(copy, 1 + BACKUPS / 50, damaged -> damaged.preview(JdbcTarget.replace(source)));
        assertThat(target.number("SELECT count(*) FROM pg_class WHERE oid >= 16384"))
                .isZero();
    }

    @Test
    void readsBackupsOfMariaDb() throws Exception {
        TestDatabase source = Samples.smallCrm(TestedServer.mariaDb());
        Copy copy = Copy.of(JdbcSource.of(source));
        TestDatabase target = TestedServer.mariaDb().newDatabase();
        damage(copy, OF_SERVERS, damaged -> damaged.preview(JdbcTarget.empty(target)));
        damage(copy, 1 + BACKUPS / 50, damaged -> damaged.preview(JdbcTarget.replace(source)));
        damage(copy, 1 + BACKUPS / 50, damaged -> damaged.preview(JdbcTarget.merge(source, MergePolicy.onlyMissing())));
    }

    @Test
    void placeOfATableThatCannotBeReadIsABlocker() throws Exception {
        TestDatabase database = TestedServer.postgres().newDatabase();
        database.execute("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
        Copy copy = Copy.of(JdbcSource.of(database));
        TestDatabase target = TestedServer.postgres().newDatabase();
        for (String place : List.of("", "x", "-1 table a", "1000000000 table a", "9 table a", "0 table b")) {
            assertThat(with(copy, attributes -> {
                                attributes.put("tableOrder.00000", place);
                                return attributes;
                            })
                            .preview(JdbcTarget.empty(target))
                            .blockers())
                    .as(place)
                    .anyMatch(why -> why.contains("when a table is made"));
        }
    }

    @Test
    void listWithAGapIsABlocker() throws Exception {
        DataSource source = h2();
        execute(source, TABLES);
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(with(copy, attributes -> {
                            attributes.remove("before.00000");
                            return attributes;
                        })
                        .preview(JdbcTarget.empty(h2()))
                        .blockers())
                .contains("the backup's attribute before.00001 doesn't follow on the others of its list");
    }

    private static Copy with(Copy copy, UnaryOperator<Map<String, String>> change) {
        return new Copy(change.apply(new LinkedHashMap<>(copy.attributes())), copy.parts());
    }
}
