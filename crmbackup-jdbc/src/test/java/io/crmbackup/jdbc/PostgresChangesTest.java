package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.Capture;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL says changed: after each step it is compared with all that there is, and with what was to be read for it. */
final class PostgresChangesTest {
    private static final String WRITTEN = "changes: rows written since transaction ";

    private final TestDatabase database = PostgresServer.shared().newDatabase();
    private final Follower follower = new Follower(JdbcSource.of(database));

    @BeforeEach
    void contacts() throws SQLException, IOException {
        database.execute(
                "CREATE TABLE contact (id int PRIMARY KEY, name text, score numeric, photo bytea)",
                "INSERT INTO contact SELECT i, 'name ' || i, i * 1.0, '\\x00ff' FROM generate_series(-20, 80) i");
        follower.follow();
        assertThat(follower.readings()).containsExactly(java.util.Map.entry("contact", "all: new"));
    }

    /** Executes statements, and expects that the changes are told and so many rows of contact are read for it. */
    private void expectRead(long rows, String... sql) throws SQLException, IOException {
        database.execute(sql);
        expectRead(rows);
    }

    private void expectRead(long rows) throws IOException {
        follower.follow();
        assertThat(follower.reading("contact")).startsWith(WRITTEN);
        assertThat(follower.taken("contact")).isEqualTo(rows);
    }

    private void expectAll(String reason, String... sql) throws SQLException, IOException {
        expectAllOf("contact", reason, sql);
    }

    private void expectAllOf(String table, String reason, String... sql) throws SQLException, IOException {
        database.execute(sql);
        follower.follow();
        assertThat(follower.reading(table)).as(String.join("; ", sql)).isEqualTo("all: " + reason);
        follower.follow();
        assertThat(follower.reading(table))
                .as("after " + String.join("; ", sql))
                .startsWith(WRITTEN);
    }

    /** A connection with a transaction that is open. */
    private Connection open(String... sql) throws SQLException {
        Connection connection = database.getConnection();
        connection.setAutoCommit(false);
        execute(connection, sql);
        return connection;
    }

    private static void execute(Connection connection, String... sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }

    @Test
    void onlyWhatWasWrittenIsRead() throws Exception {
        expectRead(0);
        expectRead(1, "UPDATE contact SET name = 'other' WHERE id = 3");
        expectRead(2, "INSERT INTO contact VALUES (100), (101)");
        expectRead(0);
    }

    @Test
    void whatIsGoneIsNoticed() throws Exception {
        expectRead(0, "DELETE FROM contact WHERE id IN (-20, 5, 80)");
        expectRead(1, "DELETE FROM contact WHERE id = 7", "INSERT INTO contact VALUES (7, 'again')");
        expectRead(1, "UPDATE contact SET id = 1000 WHERE id = 8");
        expectRead(0, "DELETE FROM contact");
        expectRead(1, "INSERT INTO contact VALUES (1)");
    }

    @Test
    void whatReadsAlikeButIsNotEqualIsRead() throws Exception {
        expectRead(1, "UPDATE contact SET score = 1.000 WHERE id = 1");
        expectRead(1, "UPDATE contact SET name = 'NAME 2' WHERE id = 2");
        expectRead(1, "UPDATE contact SET photo = NULL WHERE id = 2");
    }

    @Test
    void whatWasOnlyLockedOrNotWrittenInTheEndIsNotRead() throws Exception {
        expectRead(0, "INSERT INTO contact VALUES (1) ON CONFLICT DO NOTHING");
        try (Connection locking = open("SELECT * FROM contact FOR UPDATE")) {
            locking.commit();
        }
        try (Connection undone = open("UPDATE contact SET name = 'x'", "INSERT INTO contact VALUES (500)")) {
            undone.rollback();
        }
        expectRead(0);
    }

    @Test
    void freezingChangesNothing() throws Exception {
        expectRead(0, "VACUUM FREEZE contact", "ANALYZE contact");
        expectRead(1, "UPDATE contact SET name = 'x' WHERE id = 4", "VACUUM FREEZE contact");
    }

    @Test
    void transactionsThatWereRunningAtTheBaseAreSeenWhenTheyAreDone() throws Exception {
        try (Connection writer = open(
                        "UPDATE contact SET name = 'before' WHERE id = 1",
                        "INSERT INTO contact VALUES (200)",
                        "SAVEPOINT a",
                        "UPDATE contact SET name = 'in savepoint' WHERE id = 2",
                        "INSERT INTO contact VALUES (201)",
                        "RELEASE a",
                        "SAVEPOINT b",
                        "UPDATE contact SET name = 'undone' WHERE id = 3",
                        "INSERT INTO contact VALUES (202)",
                        "ROLLBACK TO b",
                        "SAVEPOINT c",
                        "DELETE FROM contact WHERE id = 4");
                Connection other = open("UPDATE contact SET name = 'later one' WHERE id = 10")) {
            other.commit();
            follower.follow();
            execute(writer, "UPDATE contact SET name = 'twice' WHERE id = 200");
            execute(writer, "SAVEPOINT d", "UPDATE contact SET name = 'after' WHERE id = 6", "RELEASE d");
            follower.follow();
            assertThat(follower.reading("contact")).startsWith(WRITTEN);
            writer.commit();
        }
        // 1, 200, 2, 201, 6; and 10, which had been read before.
        expectRead(6);
        expectRead(0);
    }

    @Test
    void aTransactionThatBeganBeforeTheBaseAndWroteAfterItIsSeen() throws Exception {
        try (Connection writer = open("SELECT pg_current_xact_id()")) {
            database.execute("UPDATE contact SET name = 'between' WHERE id = 20");
            follower.follow();
            execute(writer, "UPDATE contact SET name = 'old number' WHERE id = 21");
            writer.commit();
        }
        expectRead(2);
    }

    @Test
    void emptyingAndRewritingReadsAll() throws Exception {
        String rewritten = "the table was emptied or rewritten";
        expectAll(
                rewritten,
                "BEGIN; CREATE TEMP TABLE t AS SELECT * FROM contact; TRUNCATE contact;"
                        + " INSERT INTO contact SELECT * FROM t; COMMIT");
        expectAll(rewritten, "VACUUM FULL contact");
        expectAll(rewritten, "CLUSTER contact USING contact_pkey");
        expectAll("its schema changed", "ALTER TABLE contact SET UNLOGGED");
        expectAll(
                rewritten,
                "BEGIN; TRUNCATE contact; COPY contact FROM PROGRAM 'echo 7' WITH (FREEZE); COMMIT"
                        .replace("contact FROM", "contact (id) FROM"));
        expectAll(
                "the table was dropped and made again",
                "CREATE UNLOGGED TABLE copy (LIKE contact INCLUDING ALL)",
                "INSERT INTO copy SELECT * FROM contact",
                "DROP TABLE contact",
                "ALTER TABLE copy RENAME TO contact",
                "ALTER INDEX copy_pkey RENAME TO contact_pkey");
    }

    @Test
    void redefinedColumnsReadAll() throws Exception {
        String add = "ALTER TABLE contact ADD COLUMN plan text DEFAULT 'free'";
        expectAll("its schema changed", add);
        expectRead(101, "UPDATE contact SET plan = 'paid'");
        expectAll("its columns were redefined", "ALTER TABLE contact DROP COLUMN plan", add);
        expectRead(0, "ALTER TABLE contact ALTER plan SET STATISTICS 5", "ANALYZE contact");
    }

    @Test
    void redefinedTypesReadAllOfWhatUsesThem() throws Exception {
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE DOMAIN feeling AS mood",
                "CREATE TYPE place AS (street text, moods feeling[])",
                "CREATE TYPE span AS RANGE (subtype = mood)",
                "CREATE TABLE deep (id int PRIMARY KEY, p place[])",
                "CREATE TABLE range (id int PRIMARY KEY, s spans)".replace("spans", "span"),
                "INSERT INTO deep VALUES (1, ARRAY[ROW('a', '{sad}')::place])",
                "INSERT INTO range VALUES (1, '[sad,ok]')");
        follower.follow();
        String redefined = "the type of a column was redefined";
        expectAllOf("deep", redefined, "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
        expectRead(0);
        expectAllOf("range", redefined, "ALTER TYPE mood RENAME VALUE 'blue' TO 'sad'");
        expectAllOf(
                "range",
                redefined,
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                "ALTER TYPE mood RENAME VALUE 'blue' TO 'sad'");
        expectAllOf("deep", redefined, "ALTER TYPE place ADD ATTRIBUTE zip int");
        assertThat(follower.reading("range")).startsWith(WRITTEN);
        expectAllOf("deep", redefined, "ALTER TYPE place DROP ATTRIBUTE street");
    }

    @Test
    void aTypeThatIsRenamedWhileRowsAreReadIsNoticedByTheNextOne() throws Exception {
        database.execute(
                "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "CREATE TABLE m (id int PRIMARY KEY, mood mood)",
                "INSERT INTO m VALUES (1, 'sad')");
        try (Capture capture = Copy.open(JdbcSource.of(database))) {
            database.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
            follower.follow(capture);
            database.execute("ALTER TYPE mood RENAME VALUE 'blue' TO 'sad'");
        }
        expectAllOf("m", "the type of a column was redefined");
    }

    @Test
    void columnsThatShowNamesOfOtherThingsReadAll() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, a regclass[], o oid, at timestamptz, price money)",
                "INSERT INTO t VALUES (1, '{contact}', 5, now(), 3.5)",
                "CREATE TABLE plain (id int PRIMARY KEY, o oid, at timestamptz[], price money, r tstzrange, j jsonb, n inet)",
                "CREATE DOMAIN who AS regrole",
                "CREATE TABLE u (id int PRIMARY KEY, w who)");
        follower.follow();
        database.execute("ALTER TABLE contact RENAME TO person");
        follower.follow();
        assertThat(follower.reading("t"))
                .isEqualTo("all: column a, which is regclass[], shows more than its rows hold");
        assertThat(follower.reading("u"))
                .isEqualTo("all: column w, which is public.who, shows more than its rows hold");
        assertThat(follower.reading("plain")).startsWith(WRITTEN);
        assertThat(follower.reading("person")).isEqualTo("all: new");
    }

    @Test
    void tablesOfAllKindsOfKeysTellWhatIsGone() throws Exception {
        database.execute(
                "CREATE DOMAIN number AS int8",
                "CREATE TABLE pair (a int2, b number, c text, PRIMARY KEY (b, a))",
                "CREATE TABLE guid (id uuid PRIMARY KEY, c text)",
                "CREATE TABLE raw (id bytea PRIMARY KEY, c text)",
                "CREATE TABLE o (id oid PRIMARY KEY)",
                "CREATE TABLE named (\"na\"\"me.x\" text PRIMARY KEY, c int)",
                "CREATE TABLE mixed (id int, what text, PRIMARY KEY (id, what))",
                "CREATE TABLE long (id bytea PRIMARY KEY)",
                "INSERT INTO pair SELECT i % 5 - 2, i - 50, 'x' FROM generate_series(1, 100) i",
                "INSERT INTO guid SELECT md5(i::text)::uuid, 'x' FROM generate_series(1, 100) i",
                "INSERT INTO raw SELECT decode(md5(i::text), 'hex') || '\\x0001ff27' FROM generate_series(1, 100) i",
                "INSERT INTO raw VALUES (''), ('\\x00'), ('\\x27')",
                "INSERT INTO o SELECT i * 40000000::bigint FROM generate_series(1, 100) i",
                "INSERT INTO named SELECT 'it''s ' || i, i FROM generate_series(1, 100) i",
                "INSERT INTO mixed SELECT i % 10, 'w' || i FROM generate_series(1, 100) i",
                "INSERT INTO long SELECT convert_to(repeat('x', 1200) || i, 'UTF8') FROM generate_series(1, 20) i");
        follower.follow();
        for (String table : new String[] {"pair", "guid", "raw", "o", "named", "mixed", "long"}) {
            database.execute("DELETE FROM " + table + " WHERE ctid IN (SELECT ctid FROM " + table
                    + " ORDER BY md5(ctid::text) LIMIT 11)");
        }
        database.execute("UPDATE pair SET b = 4000000000000 WHERE b = 3", "INSERT INTO raw VALUES ('\\x00ff')");
        follower.follow();
        assertThat(follower.readings().values())
                .allMatch(how -> how.startsWith(WRITTEN))
                .hasSize(8);
        assertThat(follower.taken("pair") + follower.taken("raw") + follower.taken("guid"))
                .isEqualTo(2);
        follower.follow();
        assertThat(follower.taken("pair")).isZero();
    }

    @Test
    void aTableWithoutKeyIsReadIfAnythingHappenedToIt() throws Exception {
        database.execute("CREATE TABLE visit (page text)", "INSERT INTO visit VALUES ('a'), ('a'), ('b')");
        follower.follow();
        String changed = "rows changed, and have no key by which they could be told apart";
        expectRead(0);
        assertThat(follower.reading("visit")).startsWith(WRITTEN);
        expectAllOf("visit", changed, "DELETE FROM visit WHERE page = 'b'");
        expectAllOf("visit", changed, "INSERT INTO visit VALUES ('a')");
        expectAllOf("visit", changed, "UPDATE visit SET page = 'a'");
    }

    @Test
    void rowsThatMoveBetweenPartitionsAreFollowed() throws Exception {
        database.execute(
                "CREATE TABLE deal (id int, year int, PRIMARY KEY (id, year)) PARTITION BY LIST (year)",
                "CREATE TABLE deal_1 PARTITION OF deal FOR VALUES IN (1)",
                "CREATE TABLE deal_2 PARTITION OF deal FOR VALUES IN (2)",
                "INSERT INTO deal SELECT i, i % 2 + 1 FROM generate_series(1, 20) i",
                "CREATE TABLE base (id int PRIMARY KEY, what text)",
                "CREATE TABLE child (PRIMARY KEY (id), more int) INHERITS (base)",
                "INSERT INTO base VALUES (1, 'base')",
                "INSERT INTO child VALUES (2, 'child')");
        follower.follow();
        database.execute(
                "UPDATE deal SET year = 2 WHERE id IN (2, 4)",
                "UPDATE base SET what = 'x' WHERE id = 2",
                "DELETE FROM deal WHERE id = 1");
        follower.follow();
        assertThat(follower.readings().values())
                .allMatch(how -> how.startsWith(WRITTEN))
                .hasSize(5);
        assertThat(follower.taken("deal_2")).isEqualTo(2);
        assertThat(follower.taken("base")).isZero();
        assertThat(follower.taken("child")).isEqualTo(1);
        database.execute("ALTER TABLE deal DETACH PARTITION deal_1");
        follower.follow();
        assertThat(follower.taken("deal_1")).isZero();
    }

    @Test
    void positionsThatCantBeComparedReadAll() throws Exception {
        expectForged("the server is another one", " system=7 ", "system");
        expectForged("the database was made anew", " database=7 ", "database");
        expectForged("the server was started anew", " started=7.5 ", "started");
        expectForged("the server recovered from a crash, or its statistics were reset", " recovered=7.5 ", "recovered");
        expectForged("the base does not say where the server stood", " next=x ", "next");
        follower.forge("contact", "server", position -> position.replaceAll("timeline=\\d+", "timeline=9"));
        follower.follow();
        assertThat(follower.reading("contact")).isEqualTo("all: the server's history has branched: timeline 1, not 9");
        follower.forge("contact", "server", position -> position.replaceAll("next=\\d+", "next=99999999999"));
        follower.follow();
        assertThat(follower.reading("contact"))
                .startsWith("all: the server's transactions went back from 99999999999 to ");
    }

    private void expectForged(String reason, String part, String name) throws IOException {
        follower.forge(
                "contact",
                "server",
                position -> (" " + position + " ")
                        .replaceAll(" " + name + "=[^ ]+ ", part)
                        .strip());
        follower.follow();
        assertThat(follower.reading("contact")).isEqualTo("all: " + reason);
    }

    /** Numbers of transactions are 64 bits in positions and 32 in rows: an older one looks as if it were to come. */
    @Test
    void tooManyTransactionsReadAll() throws Exception {
        follower.forge("contact", "server", position -> position.replaceAll("oldest=\\d+", "oldest=-1999990000"));
        expectRead(101);
        follower.forge("contact", "server", position -> position.replaceAll("oldest=\\d+", "oldest=-2000000000"));
        follower.follow();
        assertThat(follower.reading("contact")).isEqualTo("all: more than 2000000000 transactions began");
    }
}
