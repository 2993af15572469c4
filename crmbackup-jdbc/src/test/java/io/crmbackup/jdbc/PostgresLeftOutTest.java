package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of PostgreSQL a backup doesn't hold is named when it is made; what it needs of a server is looked for there. */
final class PostgresLeftOutTest {
    private final PostgresServer server = TestedServer.postgres();
    private final TestDatabase database = server.newDatabase();

    private static List<String> leftOut(Copy copy) {
        return copy.attributes().get("leftOut").lines().toList();
    }

    @Test
    void viewsInACircleAreNamedAndAllElseComesBack() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY)",
                "CREATE VIEW a AS SELECT id FROM t",
                "CREATE VIEW b AS SELECT id FROM a",
                "CREATE OR REPLACE VIEW a AS SELECT id FROM b",
                "CREATE VIEW of_them AS SELECT id FROM a",
                "CREATE VIEW other AS SELECT id FROM t");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(leftOut(copy))
                .contains(
                        "view public.a, which needs itself in a circle",
                        "view public.b, which needs itself in a circle")
                .noneMatch(line -> line.contains("view public.other"));
        TestDatabase restored = server.newDatabase();
        assertThat(copy.restore(JdbcTarget.empty(restored).trustSchema()).notes())
                .anyMatch(note ->
                        note.startsWith("not restored, as view public.a is not there: CREATE VIEW public.of_them"));
        assertThat(restored.number("SELECT count(*) FROM other")).isZero();
    }

    @Test
    void tablesOnOtherServersAreNamedAndAllElseComesBack() throws Exception {
        database.execute(
                "CREATE FOREIGN DATA WRAPPER wrapper",
                "CREATE SERVER elsewhere FOREIGN DATA WRAPPER wrapper",
                "CREATE FOREIGN TABLE far (id int) SERVER elsewhere",
                "CREATE TABLE event (id int, year int) PARTITION BY LIST (year)",
                "CREATE TABLE event_now PARTITION OF event FOR VALUES IN (2026)",
                "CREATE FOREIGN TABLE event_then PARTITION OF event FOR VALUES IN (2025) SERVER elsewhere",
                "INSERT INTO event VALUES (1, 2026)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.parts()).containsOnlyKeys("event_now");
        assertThat(leftOut(copy))
                .contains(
                        "the content of foreign table far",
                        "the content of foreign table event_then",
                        "foreign server elsewhere",
                        "foreign data wrapper wrapper");
        TestDatabase restored = server.newDatabase();
        copy.restore(JdbcTarget.empty(restored));
        assertThat(restored.number("SELECT count(*) FROM event WHERE year = 2026"))
                .isEqualTo(1);
    }

    @Test
    void largeObjectsAreNamedIfThereAreAny() throws Exception {
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, document oid)", "INSERT INTO t VALUES (1, lo_from_bytea(0, 'x'))");
        assertThat(leftOut(Copy.of(JdbcSource.of(database)))).anyMatch(line -> line.startsWith("large objects"));
        database.execute("SELECT lo_unlink(document) FROM t");
        assertThat(leftOut(Copy.of(JdbcSource.of(database)))).noneMatch(line -> line.startsWith("large objects"));
    }

    @Test
    void aTableOfATypeInCIsARefusedRestoreAndAllElseComesBack() throws Exception {
        database.execute(
                "CREATE TYPE own",
                "CREATE FUNCTION own_in(cstring) RETURNS own LANGUAGE internal IMMUTABLE STRICT AS 'int4in'",
                "CREATE FUNCTION own_out(own) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'",
                "CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, LIKE = int4)",
                "CREATE TABLE odd (id int PRIMARY KEY, what own)",
                "INSERT INTO odd VALUES (1, '5')",
                "CREATE TABLE plain (id int PRIMARY KEY)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(leftOut(copy)).contains("type public.own");
        assertThat(copy.preview(JdbcTarget.empty(server.newDatabase())).blockers())
                .anyMatch(blocker -> blocker.contains("odd"));
    }

    @Test
    void labelsAndRightsFromOthersAndInvalidIndexesAreNamed() throws Exception {
        String giver = database.name() + "_giver";
        database.execute(
                "CREATE ROLE " + giver,
                "CREATE SCHEMA s",
                "CREATE TABLE s.t (id int, c int)",
                "GRANT SELECT ON s.t TO " + giver + " WITH GRANT OPTION",
                "GRANT UPDATE (c) ON s.t TO " + giver + " WITH GRANT OPTION",
                "CREATE FUNCTION s.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                "GRANT EXECUTE ON FUNCTION s.f() TO " + giver + " WITH GRANT OPTION",
                "GRANT USAGE ON SCHEMA s TO " + giver + " WITH GRANT OPTION",
                "SET ROLE " + giver,
                "GRANT SELECT ON s.t TO PUBLIC",
                "GRANT UPDATE (c) ON s.t TO PUBLIC",
                "GRANT EXECUTE ON FUNCTION s.f() TO pg_monitor",
                "GRANT USAGE ON SCHEMA s TO PUBLIC",
                "RESET ROLE",
                "INSERT INTO s.t VALUES (1, 1), (1, 2)",
                "SET allow_system_table_mods = on",
                "INSERT INTO pg_seclabel VALUES ('s.t'::regclass, 'pg_class'::regclass, 0, 'selinux', 'secret')");
        assertThatThrownBy(() -> database.execute("CREATE UNIQUE INDEX CONCURRENTLY twice ON s.t (id)"))
                .hasMessageContaining("could not create unique index");
        String gave = " that " + giver + " gave, who does not own it";
        assertThat(leftOut(Copy.of(JdbcSource.of(database))))
                .contains(
                        "security label of selinux on table s.t",
                        "index s.twice, which is not valid",
                        "rights on table s.t" + gave,
                        "rights on function s.f()" + gave,
                        "rights on schema s" + gave)
                .noneMatch(line -> line.startsWith("rights on schema public"));
    }

    @Test
    void whatExtensionsAreUsedForComesBack() throws Exception {
        database.execute(
                "CREATE SCHEMA tools",
                "CREATE EXTENSION citext",
                "CREATE EXTENSION hstore WITH SCHEMA tools",
                "CREATE EXTENSION btree_gist",
                "CREATE EXTENSION pg_trgm WITH SCHEMA tools",
                "CREATE EXTENSION \"uuid-ossp\"",
                "CREATE TABLE room (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), name citext UNIQUE, extra tools.hstore)",
                "CREATE TABLE booking (room int, during tsrange, EXCLUDE USING gist (room WITH =, during WITH &&))",
                "CREATE INDEX likeness ON room USING gin ((name::text) tools.gin_trgm_ops)",
                "INSERT INTO room (name, extra) VALUES ('Blue', 'seats=>12')",
                "INSERT INTO booking VALUES (1, '[2024-01-01,2024-01-02)')");
        PostgresSchemaTest.assertComesBack(server, database);
    }

    @Test
    void tablespacesAreUsedWhereTheyAreThere() throws Exception {
        assumeTrue(
                database.number("SELECT current_setting('server_version_num')::int / 10000") >= 15,
                "older servers have no tablespaces within their own directory");
        String fast = database.name() + "_fast";
        TestDatabase restored = server.newDatabase();
        TestDatabase without = server.newDatabase();
        // Within a transaction it isn't possible, and settings are those of one connection.
        database.execute("SET allow_in_place_tablespaces = on", "CREATE TABLESPACE " + fast + " LOCATION ''");
        database.execute(
                "CREATE TABLE t (id int PRIMARY KEY, name text) TABLESPACE " + fast,
                "CREATE INDEX i ON t (name) TABLESPACE " + fast,
                "INSERT INTO t VALUES (1, 'a')");
        Copy copy = Copy.of(JdbcSource.of(database));
        copy.restore(JdbcTarget.empty(restored).trustSchema());
        assertThat(restored.number("SELECT count(*) FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace"
                        + " WHERE s.spcname = '" + fast + "' AND relname IN ('t', 'i')"))
                .isEqualTo(2);
        database.execute("DROP TABLE t");
        restored.execute("DROP TABLE t");
        database.execute("DROP TABLESPACE " + fast);
        assertThat(copy.restore(JdbcTarget.empty(without).trustSchema()).notes())
                .anyMatch(note -> note.startsWith("not restored, as tablespace " + fast + " is not there: ALTER TABLE"))
                .anyMatch(
                        note -> note.startsWith("not restored, as tablespace " + fast + " is not there: ALTER INDEX"));
        assertThat(without.number("SELECT count(*) FROM t")).isEqualTo(1);
    }
}
