package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What of PostgreSQL stays when schemas are exchanged, and what keeps them from that. */
final class PostgresReplaceTest {
    private final TestDatabase database = TestedServer.postgres().newDatabase();

    private Copy begin(String... more) throws SQLException, IOException {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, v text)",
                "INSERT INTO a VALUES (1, 'as it was'), (2, 'as it was')");
        database.execute(more);
        return Copy.of(JdbcSource.of(database));
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private List<String> blockers(Copy copy, Target target) throws IOException {
        return copy.preview(target).blockers();
    }

    @Test
    void rightsAndOwnersStayWithWhatHasTheSameName() throws Exception {
        String one = database.name() + "_one";
        String other = database.name() + "_other";
        Copy copy = begin(
                "CREATE ROLE " + one,
                "CREATE ROLE " + other,
                "CREATE SEQUENCE s",
                "CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS 'SELECT x'",
                "CREATE VIEW w AS SELECT id FROM a",
                "CREATE TYPE mood AS ENUM ('ok')");
        database.execute(
                "ALTER TABLE a OWNER TO " + one,
                "GRANT SELECT, INSERT ON a TO " + other + " WITH GRANT OPTION",
                "GRANT UPDATE (v) ON a TO PUBLIC",
                "GRANT USAGE ON SEQUENCE s TO " + other,
                "REVOKE ALL ON FUNCTION f(int) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION f(int) TO " + other,
                "ALTER VIEW w OWNER TO " + one,
                "ALTER TYPE mood OWNER TO " + other,
                "GRANT CREATE ON SCHEMA public TO " + other,
                "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO " + other,
                "COMMENT ON SCHEMA public IS 'it''s mine'",
                "ALTER SCHEMA public OWNER TO " + one);
        String rights = "SELECT string_agg(x, E'\\n' ORDER BY x) FROM ("
                + "SELECT relname || ' ' || relowner::regrole || ' ' || (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(relacl) g) x"
                + " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                + " UNION ALL SELECT attname || ' ' || attacl::text FROM pg_attribute WHERE attrelid = 'a'::regclass AND attacl IS NOT NULL"
                + " UNION ALL SELECT proname || ' ' || proowner::regrole || ' ' || proacl::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                + " UNION ALL SELECT typname || ' ' || typowner::regrole FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'"
                + " UNION ALL SELECT defaclacl::text FROM pg_default_acl WHERE defaclnamespace = 'public'::regnamespace"
                + " UNION ALL SELECT nspowner::regrole || ' ' || (SELECT string_agg(g::text, ',' ORDER BY g::text) FROM unnest(nspacl) g)"
                + " || obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'public') y";
        String before = text(rights);
        assertThat(before).contains(one, other, "it's mine");

        copy.restore(JdbcTarget.replace(database));

        assertThat(text(rights)).isEqualTo(before);
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
    }

    @Test
    void extensionsInReplacedSchemasStay() throws Exception {
        Copy copy = begin(
                "CREATE EXTENSION citext",
                "CREATE TABLE c (id int PRIMARY KEY, name citext UNIQUE)",
                "INSERT INTO c VALUES (1, 'Name')");
        copy = Copy.of(JdbcSource.of(database));
        database.execute("UPDATE c SET name = 'Other'");
        copy.restore(JdbcTarget.replace(database));
        assertThat(text("SELECT id FROM c WHERE name = 'NAME'")).isEqualTo("1");
        assertThat(text("SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'citext'"))
                .isEqualTo("public");
    }

    @Test
    void typesOfRangesAreReplacedWithTheCastsThatBelongToThem() throws Exception {
        begin(
                "CREATE TYPE span AS RANGE (subtype = float8)",
                "CREATE TABLE r (id int PRIMARY KEY, s span)",
                "INSERT INTO r VALUES (1, '[1,2)')");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute("UPDATE r SET s = 'empty'");
        copy.restore(JdbcTarget.replace(database));
        assertThat(text("SELECT s::span_multirange || '' FROM r")).isEqualTo("{[1,2)}");

        database.execute("CREATE CAST (span AS text) WITH INOUT");
        assertThat(blockers(copy, JdbcTarget.replace(database)))
                .singleElement()
                .asString()
                .contains("cast from public.span to text");
    }

    @Test
    void operatorsAreReplacedWithTheirFunctions() throws Exception {
        begin(
                "CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2'",
                "CREATE OPERATOR === (FUNCTION = same, LEFTARG = text, RIGHTARG = text)",
                "CREATE FUNCTION backwards(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $2 - $1'",
                "CREATE OPERATOR CLASS backwards_ops FOR TYPE int USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =,"
                        + " OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 backwards(int, int)",
                "CREATE INDEX by_class ON a (id backwards_ops)");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute("UPDATE a SET v = 'otherwise'");
        copy.restore(JdbcTarget.replace(database));
        assertThat(text("SELECT count(*) FROM a WHERE v === 'as it was'")).isEqualTo("2");
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
    }

    @Test
    void severalSchemasAreExchangedAndNewerOnesGo() throws Exception {
        Copy copy = begin(
                "CREATE SCHEMA \"Other \"\"One\"",
                "CREATE TABLE \"Other \"\"One\".b (id int PRIMARY KEY, a int REFERENCES a (id))",
                "INSERT INTO \"Other \"\"One\".b VALUES (1, 2)");
        copy = Copy.of(JdbcSource.of(database));
        database.execute(
                "DELETE FROM \"Other \"\"One\".b",
                "DELETE FROM a",
                "CREATE SCHEMA newer",
                "CREATE TABLE newer.n (id int)");
        copy.restore(JdbcTarget.replace(database));
        assertThat(Copy.of(JdbcSource.of(database)).parts()).isEqualTo(copy.parts());
        assertThat(text("SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_'"))
                .isEqualTo("Other \"One,information_schema,public");
    }

    @Test
    void aSchemaThatTheSourceDoesNotCoverIsLeftAlone() throws Exception {
        begin("CREATE SCHEMA crm", "CREATE TABLE crm.b (id int PRIMARY KEY)", "INSERT INTO crm.b VALUES (1)");
        JdbcSource source = JdbcSource.from(database).schema("crm").build();
        Copy copy = Copy.of(source);
        database.execute("DELETE FROM crm.b", "DELETE FROM a WHERE id = 1");
        copy.restore(source.inPlace().orElseThrow());
        assertThat(text("SELECT count(*) FROM crm.b")).isEqualTo("1");
        assertThat(text("SELECT count(*) FROM a")).isEqualTo("1");

        database.execute("DROP SCHEMA crm CASCADE");
        copy.restore(source.inPlace().orElseThrow());
        assertThat(text("SELECT count(*) FROM crm.b")).isEqualTo("1");
    }

    @Test
    void whatWouldBeDroppedOutsideIsNamed() throws Exception {
        begin(
                "CREATE SCHEMA crm",
                "CREATE TABLE crm.b (id int PRIMARY KEY)",
                "CREATE VIEW public.v AS SELECT id FROM crm.b");
        JdbcSource source = JdbcSource.from(database).schema("crm").build();
        assertThat(blockers(Copy.of(source), source.inPlace().orElseThrow()))
                .anyMatch(text -> text.contains("view public.v needs") && text.contains("dropped"));
    }

    @Test
    void whatABackupDoesNotHoldIsNamed() throws Exception {
        Copy copy = begin("CREATE STATISTICS stat ON id, v FROM a");
        database.execute("CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8");
        assertThat(blockers(copy, JdbcTarget.replace(database)))
                .anyMatch(text -> text.startsWith("conversion latin would be lost"));
    }

    private JdbcSource withoutTemporary() {
        return JdbcSource.from(database).exclude("tmp_*").build();
    }

    @Test
    void tablesThatTheSourceLeavesOutStayAsTheyAre() throws Exception {
        begin(
                "CREATE TABLE tmp_x (id serial PRIMARY KEY, n int GENERATED ALWAYS AS IDENTITY, v text DEFAULT 'new', UNIQUE (v, id))",
                "CREATE TABLE tmp_y (id int PRIMARY KEY, x int REFERENCES tmp_x (id))",
                "INSERT INTO tmp_x DEFAULT VALUES",
                "INSERT INTO tmp_y VALUES (1, 1)");
        Copy copy = Copy.of(withoutTemporary());
        long before = database.number("SELECT 'tmp_x'::regclass::oid::bigint");
        database.execute("UPDATE a SET v = 'otherwise'", "INSERT INTO tmp_x DEFAULT VALUES");

        copy.restore(withoutTemporary().inPlace().orElseThrow());

        assertThat(text("SELECT string_agg(DISTINCT v, ',') FROM a")).isEqualTo("as it was");
        assertThat(database.number("SELECT 'public.tmp_x'::regclass::oid::bigint"))
                .as("the same table")
                .isEqualTo(before);
        database.execute("INSERT INTO tmp_x DEFAULT VALUES");
        assertThat(text("SELECT string_agg(id || ' ' || n || ' ' || v, ',' ORDER BY id) FROM tmp_x"))
                .isEqualTo("1 1 new,2 2 new,3 3 new");
        assertThatThrownBy(() -> database.execute("DELETE FROM tmp_x WHERE id = 1"))
                .hasMessageContaining("tmp_y");
        assertThat(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'crmbackup%'"))
                .isEqualTo("0");
    }

    @Test
    void tablesThatAreLeftOutAndBoundToOthersAreNamed() throws Exception {
        begin(
                "CREATE TYPE mood AS ENUM ('ok')",
                "CREATE TABLE tmp_key (id int PRIMARY KEY, a int REFERENCES a (id))",
                "CREATE TABLE tmp_type (id int PRIMARY KEY, m mood)",
                "CREATE TABLE tmp_seen (id int PRIMARY KEY)",
                "CREATE VIEW seen AS SELECT id FROM tmp_seen",
                "CREATE TABLE tmp_stat (id int, v int)",
                "CREATE STATISTICS stat ON id, v FROM tmp_stat",
                "CREATE TABLE tmp_free (id int PRIMARY KEY)");
        Target target = withoutTemporary().inPlace().orElseThrow();
        assertThat(blockers(Copy.of(withoutTemporary()), target))
                .anyMatch(text -> text.contains("tmp_key_a_fkey") && text.contains("needs column id of table public.a"))
                .anyMatch(text -> text.contains("tmp_type") && text.contains("needs type public.mood"))
                .anyMatch(text -> text.contains("view public.seen") && text.contains("tmp_seen"))
                .anyMatch(text -> text.contains("statistics object") && text.contains("tmp_stat"))
                .noneMatch(text -> text.contains("tmp_free"));
    }

    @Test
    void aTableOfTheBackupThatTheSourceNowLeavesOutIsNamed() throws Exception {
        begin("CREATE TABLE tmp_x (id int PRIMARY KEY)", "INSERT INTO tmp_x VALUES (1)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(blockers(copy, withoutTemporary().inPlace().orElseThrow()))
                .anyMatch(text -> text.contains("table tmp_x is in the backup"));
    }

    @Test
    void aFunctionThatIsReplacedMeanwhileStopsTheRestore() throws Exception {
        begin("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        Copy copy = Copy.of(JdbcSource.of(database));
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        for (String meanwhile : List.of(
                "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'",
                "CREATE VIEW meanwhile AS SELECT 1 AS one")) {
            try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections)) {
                session.hold();
                database.execute(meanwhile);
                session.begin();
                session.write(collections.get(0));
                assertThatThrownBy(session::staged)
                        .as(meanwhile)
                        .hasMessageContaining("somebody has defined something");
            }
        }
        assertThat(text("SELECT f()")).isEqualTo("2");
        assertThat(text("SELECT one FROM meanwhile")).isEqualTo("1");
    }

    @Test
    void whatCouldNotBeHandedOnIsToldBeforeItIsFinished() throws Exception {
        Copy copy = begin();
        database.execute("ALTER TABLE a ENABLE ROW LEVEL SECURITY");
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections)) {
            session.hold();
            session.begin();
            session.write(collections.get(0));
            assertThatThrownBy(session::staged).hasMessageContaining("row security");
        }
    }

    @Test
    void publicationsOfWholeSchemasAreNamed() throws Exception {
        Copy copy = begin("CREATE PUBLICATION everything FOR ALL TABLES");
        assertThat(copy.preview(JdbcTarget.replace(database)).notes())
                .anyMatch(text -> text.contains("publication everything"));
        assumeTrue(database.number("SELECT current_setting('server_version_num')::int") >= 150_000);
        database.execute("CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA public");
        assertThat(blockers(copy, JdbcTarget.replace(database)))
                .anyMatch(text -> text.contains("publication by_schema") && text.contains("schema public"));
    }

    @Test
    void programsThatTheDatabaseHasWordForWordNeedNoTrust() throws Exception {
        String function =
                "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.v := %s; RETURN NEW; END $$";
        Copy copy = begin(
                String.format(function, "'set'"),
                "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()");
        copy = Copy.of(JdbcSource.of(database));
        copy.restore(JdbcTarget.replace(database));
        database.execute("INSERT INTO a VALUES (3, '')");
        assertThat(text("SELECT v FROM a WHERE id = 3")).isEqualTo("set");

        database.execute(String.format(function, "'another'"));
        assertThat(blockers(copy, JdbcTarget.replace(database))).anyMatch(text -> text.contains("trustSchema()"));
        copy.restore(JdbcTarget.replace(database).trustSchema());
        database.execute("INSERT INTO a VALUES (4, '')");
        assertThat(text("SELECT v FROM a WHERE id = 4")).isEqualTo("set");
    }

    @Test
    void readersGoOnWhileWritersWait() throws Exception {
        Copy copy = begin();
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections);
                Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            session.hold();
            session.begin();
            session.write(collections.get(0));
            statement.execute("SET lock_timeout = '50ms'");
            assertThatThrownBy(() -> statement.execute("INSERT INTO a VALUES (9, '')"))
                    .hasMessageContaining("lock timeout");
            statement.execute("SELECT count(*) FROM a");
            statement.execute("SET lock_timeout = 0");
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    statement.execute("INSERT INTO a VALUES (9, 'waited')");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0) {
                Thread.onSpinWait();
            }
            assertThat(session.staged()).isPresent();
            session.finish();
            writing.join();
        }
        assertThat(text("SELECT v FROM a WHERE id = 9")).isEqualTo("waited");
        assertThat(text("SELECT v FROM a WHERE id = 1")).isEqualTo("as it was");
    }

    @Test
    void aTransactionWithAnOlderSnapshotSeesTheNewRows() throws Exception {
        Copy copy = begin();
        database.execute("UPDATE a SET v = 'otherwise'");
        try (Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            other.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            other.setAutoCommit(false);
            statement.execute("SELECT 1 FROM pg_class LIMIT 1");
            copy.restore(JdbcTarget.replace(database));
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM a WHERE v = 'as it was'")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(2);
            }
        }
    }

    @Test
    void aTableThatIsMadeMeanwhileStopsTheRestore() throws Exception {
        Copy copy = begin();
        database.execute("UPDATE a SET v = 'otherwise'");
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        try (TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections)) {
            session.hold();
            session.begin();
            session.write(collections.get(0));
            database.execute("CREATE TABLE meanwhile (id int)");
            assertThatThrownBy(session::finish).hasMessageContaining("somebody has defined something");
        }
        assertThat(text("SELECT v FROM a WHERE id = 1")).isEqualTo("otherwise");
        assertThat(text("SELECT count(*) FROM meanwhile")).isEqualTo("0");
    }

    @Test
    void aConnectionThatBreaksOffLeavesEverythingAsItWas() throws Exception {
        Copy copy = begin();
        database.execute("UPDATE a SET v = 'otherwise'");
        List<RestoredCollection> collections = copy.collections(RestoredCollection.Extent.WHOLE);
        for (int step = 0; step < 3; step++) {
            TargetSession session = JdbcTarget.replace(database).open(copy.attributes(), collections);
            session.hold();
            if (step > 0) {
                session.begin();
            }
            if (step > 1) {
                session.write(collections.get(0));
                session.staged();
            }
            database.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            assertThatThrownBy(() -> {
                        session.begin();
                        session.finish();
                    })
                    .isInstanceOf(IOException.class);
            session.close();
            assertThat(text("SELECT v FROM a WHERE id = 1")).isEqualTo("otherwise");
        }
        copy.restore(JdbcTarget.replace(database));
        assertThat(text("SELECT v FROM a WHERE id = 1")).isEqualTo("as it was");
    }
}
