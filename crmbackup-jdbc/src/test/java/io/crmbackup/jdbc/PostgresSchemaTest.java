package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.PostgresDump;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole schemas of PostgreSQL, there and back. */
final class PostgresSchemaTest {
    /** What only newer versions have, with that version. */
    private static final List<Map.Entry<Integer, String>> NEWER = List.of(
            Map.entry(15, "CREATE TABLE n (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b))"),
            Map.entry(15, "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))"),
            Map.entry(
                    15,
                    "CREATE TABLE q (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b) ON UPDATE CASCADE)"),
            Map.entry(15, "CREATE VIEW by_caller WITH (security_invoker) AS SELECT * FROM n"),
            Map.entry(15, "CREATE UNIQUE INDEX i ON n (b) NULLS NOT DISTINCT"),
            Map.entry(16, "CREATE TABLE s (t text STORAGE EXTERNAL)"),
            Map.entry(16, "CREATE COLLATION rules (provider = icu, locale = 'und', rules = '&a < b')"),
            Map.entry(17, "CREATE TABLE whole (id int GENERATED ALWAYS AS IDENTITY, k int) PARTITION BY LIST (k)"),
            Map.entry(17, "CREATE TABLE one PARTITION OF whole FOR VALUES IN (1)"),
            Map.entry(17, "INSERT INTO whole (k) VALUES (1), (1)"),
            Map.entry(17, "GRANT MAINTAIN ON n TO PUBLIC"),
            Map.entry(17, "CREATE COLLATION built_in (provider = builtin, locale = 'C.UTF-8')"),
            Map.entry(18, "CREATE TABLE v (a int, twice int GENERATED ALWAYS AS (a * 2) VIRTUAL)"),
            Map.entry(18, "INSERT INTO v VALUES (1), (2)"),
            Map.entry(
                    18,
                    "CREATE TABLE nn (a int CONSTRAINT \"a is there\" NOT NULL, b int, c int NOT NULL NO INHERIT, CHECK (a > 0) NOT ENFORCED)"),
            Map.entry(18, "CREATE UNIQUE INDEX nn_b ON nn (b)"),
            Map.entry(18, "INSERT INTO nn VALUES (-1, NULL, 1), (-2, NULL, 1)"),
            Map.entry(18, "ALTER TABLE nn ADD CONSTRAINT \"b is there\" NOT NULL b NOT VALID"),
            Map.entry(18, "CREATE TABLE child (a int, x int) INHERITS (nn)"),
            Map.entry(18, "CREATE TABLE grandchild (y int) INHERITS (child)"),
            Map.entry(18, "INSERT INTO child VALUES (3, 4, 5, 6)"),
            Map.entry(18, "CREATE TABLE child_with_own (b int CONSTRAINT \"b is really there\" NOT NULL, x int)"),
            Map.entry(
                    18,
                    "ALTER TABLE child_with_own ADD a int NOT NULL, ADD c int, ADD CONSTRAINT nn_a_check CHECK (a > 0) NOT ENFORCED"),
            Map.entry(18, "ALTER TABLE child_with_own INHERIT nn"),
            Map.entry(18, "COMMENT ON CONSTRAINT \"a is there\" ON nn IS 'a constraint'"),
            Map.entry(18, "ALTER TABLE q ADD CONSTRAINT unenforced FOREIGN KEY (a, b) REFERENCES p NOT ENFORCED"),
            Map.entry(18, "CREATE TABLE during (a int4range, at tstzrange, PRIMARY KEY (a, at WITHOUT OVERLAPS))"),
            Map.entry(
                    18,
                    "CREATE TABLE within (a int4range, at tstzrange, FOREIGN KEY (a, PERIOD at) REFERENCES during (a, PERIOD at))"),
            Map.entry(18, "CREATE TABLE part_root (a int NOT NULL, b int) PARTITION BY LIST (b)"),
            Map.entry(18, "CREATE TABLE part_of_it (b int, a int CONSTRAINT other_name NOT NULL)"),
            Map.entry(18, "ALTER TABLE part_root ATTACH PARTITION part_of_it DEFAULT"));

    private final PostgresServer server = TestedServer.postgres();

    private void assertComesBack(TestDatabase database) throws Exception {
        assertComesBack(server, database);
    }

    /** By what a second capture tells, and by what the server's own program tells if it is here. */
    static void assertComesBack(PostgresServer server, TestDatabase database) throws Exception {
        TestDatabase restored = server.newDatabase();
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.restore(JdbcTarget.empty(restored).trustSchema()).notes())
                .noneMatch(note -> note.startsWith("not restored"));
        Copy again = Copy.of(JdbcSource.of(restored));
        assertThat(statements(again)).containsExactlyElementsOf(statements(copy));
        assertThat(again.parts()).isEqualTo(copy.parts());
        if (PostgresDump.knows(database)) {
            assertThat(PostgresDump.schema(restored)).isEqualTo(PostgresDump.schema(database));
            assertThat(PostgresDump.rows(restored)).isEqualTo(PostgresDump.rows(database));
        }
    }

    static void assertNewerKindsComeBack(PostgresServer server) throws Exception {
        TestDatabase database = server.newDatabase();
        long major = database.number("SELECT current_setting('server_version_num')::int / 10000");
        database.execute("CREATE TABLE in_all_versions (id int)");
        for (Map.Entry<Integer, String> statement : NEWER) {
            if (statement.getKey() <= major) {
                database.execute(statement.getValue());
            }
        }
        assertComesBack(server, database);
    }

    /** All that a capture tells of the schema. */
    private static List<String> statements(Copy copy) {
        List<String> statements = new ArrayList<>();
        new TreeMap<>(copy.attributes()).forEach((name, value) -> statements.add(name + ": " + value));
        copy.parts().forEach((table, part) -> statements.add(part.schema().toString()));
        return statements;
    }

    @Test
    void everyKindOfObjectComesBack() throws Exception {
        assertComesBack(Samples.wholeSchema(server));
    }

    @Test
    void rowsThatAnInheritedCheckWasNotAskedOfComeBack() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE a_parent (id int PRIMARY KEY)",
                "CREATE TABLE b_child () INHERITS (a_parent)",
                "CREATE TABLE c_child () INHERITS (a_parent)",
                "INSERT INTO b_child SELECT -i FROM generate_series(1, 1000) i",
                "INSERT INTO c_child SELECT -i FROM generate_series(1, 1000) i",
                "ALTER TABLE a_parent ADD CHECK (id > 0) NOT VALID");
        assertComesBack(database);
    }

    @Test
    void kindsThatOnlyNewerVersionsHaveComeBack() throws Exception {
        assertNewerKindsComeBack(server);
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
        assertComesBack(database);
    }

    @Test
    void aFilmRentalComesBack() throws Exception {
        assertComesBack(Samples.sakila(server));
    }

    @Test
    void aMusicShopComesBack() throws Exception {
        assertComesBack(Samples.chinook(server));
    }

    @Test
    void aGeneratedCrmComesBack() throws Exception {
        assertComesBack(Samples.generatedCrm(server));
    }
}
