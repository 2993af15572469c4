package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.PostgresDump;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole schemas of PostgreSQL, there and back. */
final class PostgresSchemaTest {
    private final PostgresServer server = PostgresServer.shared();

    private TestDatabase restored(TestDatabase database) throws Exception {
        TestDatabase restored = server.newDatabase();
        Copy copy = Copy.of(JdbcSource.of(database));
        copy.restore(JdbcTarget.empty(restored).trustSchema());
        assertDumpedEqually(restored, database);
        assertThat(statements(Copy.of(JdbcSource.of(restored)))).containsExactlyElementsOf(statements(copy));
        return restored;
    }

    /** All that a capture tells of the schema. */
    private static List<String> statements(Copy copy) {
        List<String> statements = new ArrayList<>();
        new TreeMap<>(copy.attributes()).forEach((name, value) -> statements.add(name + ": " + value));
        copy.parts().forEach((table, part) -> statements.add(part.schema().toString()));
        return statements;
    }

    private static void assertDumpedEqually(TestDatabase restored, TestDatabase source) {
        assertThat(PostgresDump.schema(restored)).isEqualTo(PostgresDump.schema(source));
        assertThat(PostgresDump.rows(restored)).isEqualTo(PostgresDump.rows(source));
    }

    @Test
    void everyKindOfObjectComesBack() throws Exception {
        TestDatabase database = Samples.wholeSchema(server);
        assertDumpedEqually(restored(database), database);
    }

    @Test
    void whatMayRunCodeIsLeftOutWithoutTrustAndAllElseComesBack() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE whole (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                "CREATE TABLE part PARTITION OF whole FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                "CREATE TABLE refers (id int, whole int, at date, FOREIGN KEY (whole, at) REFERENCES whole)",
                "INSERT INTO whole VALUES (1, '2024-05-05')",
                "INSERT INTO refers VALUES (1, 1, '2024-05-05')",
                "CREATE FUNCTION code() RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$",
                "CREATE TABLE parent (id int, code text DEFAULT code() CHECK (code <> code()))",
                "CREATE TABLE child (own int) INHERITS (parent)",
                "CREATE VIEW seen AS SELECT * FROM refers",
                "COMMENT ON VIEW seen IS 'gone with it'",
                "GRANT SELECT ON refers TO PUBLIC");
        TestDatabase restored = server.newDatabase();
        List<String> notes = Copy.of(JdbcSource.of(database))
                .restore(JdbcTarget.empty(restored))
                .notes();
        assertThat(notes)
                .anyMatch(
                        note -> note.startsWith(
                                "not restored without trustSchema(), as it can't be read with certainty: CREATE OR REPLACE FUNCTION"))
                .anyMatch(note -> note.startsWith("not restored without trustSchema(), as it calls CODE()"))
                .anyMatch(note -> note.startsWith("not restored, as view public.seen is not there: COMMENT"))
                .anyMatch(note ->
                        note.contains("statements on owners and rights not executed, as that needs trustSchema()"));
        assertThat(restored.number(
                        "SELECT count(*) FROM pg_inherits WHERE inhrelid IN ('part'::regclass, 'child'::regclass)"))
                .isEqualTo(2);
        assertThat(restored.number(
                        "SELECT count(*) FROM pg_constraint WHERE conrelid = 'refers'::regclass AND convalidated"))
                .isPositive();
        assertThat(restored.number("SELECT count(*) FROM whole")).isEqualTo(1);
    }

    @Test
    void whatNeedsATableThatIsNotRestoredIsLeftOut() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a)",
                "CREATE TABLE child (own int) INHERITS (a)",
                "CREATE VIEW of_a AS SELECT * FROM a",
                "CREATE VIEW of_view AS SELECT * FROM of_a",
                "CREATE VIEW of_b AS SELECT * FROM b");
        TestDatabase restored = server.newDatabase();
        Copy copy = Copy.of(JdbcSource.from(database).exclude("a").build());
        List<String> notes =
                copy.restore(JdbcTarget.empty(restored).trustSchema()).notes();
        assertThat(notes)
                .anyMatch(note -> note.startsWith(
                        "not restored, as a table that it needs is not: table a: CREATE VIEW public.of_a"))
                .anyMatch(note ->
                        note.startsWith("not restored, as view public.of_a is not there: CREATE VIEW public.of_view"))
                .anyMatch(note ->
                        note.startsWith("comes back as a table of its own, as a table that it needs is not: table a"));
        assertThat(restored.number("SELECT count(*) FROM of_b")).isZero();
        assertThat(restored.number("SELECT count(id) FROM child")).isZero();
    }

    @Test
    void rightsOfRolesThatAreNotThereAreCountedAndLeftOut() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "DROP ROLE IF EXISTS leaver",
                "CREATE ROLE leaver",
                "GRANT SELECT ON a TO leaver",
                "ALTER TABLE a OWNER TO leaver");
        Copy copy = Copy.of(JdbcSource.of(database));
        database.execute("DROP OWNED BY leaver", "DROP ROLE leaver");
        TestDatabase restored = server.newDatabase();
        assertThat(copy.restore(JdbcTarget.empty(restored).trustSchema()).notes())
                .anyMatch(note -> note.matches(
                        "\\d statements? on owners and rights not executed, as the user may not act for role leaver"));
        assertThat(restored.number("SELECT count(*) FROM a")).isZero();
    }

    @Test
    void aSmallCrmComesBack() throws Exception {
        TestDatabase database = Samples.smallCrm(server);
        database.execute("SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
        assertDumpedEqually(restored(database), database);
    }

    @Test
    void aFilmRentalComesBack() throws Exception {
        TestDatabase database = Samples.sakila(server);
        assertDumpedEqually(restored(database), database);
    }

    @Test
    void aMusicShopComesBack() throws Exception {
        TestDatabase database = Samples.chinook(server);
        assertDumpedEqually(restored(database), database);
    }
}
