package io.crmbackup.jdbc.internal.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which queries are asked is decided by what there is at all: each kind has to be found where there is nothing of the others. */
final class DefinitionQueriesTest {
    private static final String FUNCTION = "CREATE FUNCTION f() RETURNS %s LANGUAGE plpgsql AS 'BEGIN END'";

    /** Statements, and words of the definition that the last of them gives. */
    private record Case(String expected, String... statements) {}

    private static final List<Case> CASES = List.of(
            new Case("CREATE SCHEMA", "CREATE SCHEMA other"),
            new Case("CREATE COLLATION public.c", "CREATE COLLATION c FROM \"C\""),
            new Case("CREATE TYPE public.k AS ENUM", "CREATE TYPE k AS ENUM ('a')"),
            new Case("CREATE TYPE public.r AS RANGE", "CREATE TYPE r AS RANGE (SUBTYPE = float8)"),
            new Case("CREATE TYPE public.p AS (", "CREATE TYPE p AS (x int)"),
            new Case("CREATE DOMAIN public.d", "CREATE DOMAIN d AS text CHECK (VALUE <> 'x')"),
            new Case(
                    "ALTER DOMAIN public.d ADD CONSTRAINT",
                    "CREATE DOMAIN d AS text",
                    "ALTER DOMAIN d ADD CONSTRAINT late CHECK (VALUE <> 'x') NOT VALID"),
            new Case("CREATE SEQUENCE public.s", "CREATE SEQUENCE s"),
            new Case("CREATE TABLE public.t", "CREATE TABLE t (a int)"),
            new Case("SET (fillfactor", "CREATE TABLE t (a int) WITH (fillfactor = 50)"),
            new Case("STATISTICS 7", "CREATE TABLE t (a int)", "ALTER TABLE t ALTER a SET STATISTICS 7"),
            new Case(
                    "ATTACH PARTITION",
                    "CREATE TABLE t (a int) PARTITION BY LIST (a)",
                    "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)"),
            new Case("CREATE OR REPLACE FUNCTION public.f", FUNCTION.formatted("void")),
            new Case("CREATE AGGREGATE public.most", "CREATE AGGREGATE most(int) (SFUNC = int4larger, STYPE = int)"),
            new Case(
                    "CREATE OPERATOR public.===",
                    "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)"),
            new Case("CREATE OPERATOR FAMILY public.o", "CREATE OPERATOR FAMILY o USING btree"),
            new Case(
                    "CREATE OPERATOR CLASS public.o",
                    "CREATE OPERATOR CLASS o FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 1 hashint4(int)"),
            new Case("CREATE CAST (integer AS box)", "CREATE CAST (int4 AS box) WITH INOUT"),
            new Case("CREATE TEXT SEARCH DICTIONARY", "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple)"),
            new Case("CREATE TEXT SEARCH CONFIGURATION", "CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\")"),
            new Case(
                    "ADD MAPPING FOR",
                    "CREATE TEXT SEARCH CONFIGURATION c (PARSER = \"default\")",
                    "ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword WITH simple"),
            new Case("ADD CONSTRAINT k CHECK", "CREATE TABLE t (a int CONSTRAINT k CHECK (a > 0) NO INHERIT)"),
            new Case("ADD CONSTRAINT k PRIMARY KEY", "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY)"),
            new Case("SET DEFAULT", "CREATE VIEW v AS SELECT 1 AS x", "ALTER VIEW v ALTER x SET DEFAULT 3"),
            new Case("CREATE INDEX i", "CREATE TABLE t (a int)", "CREATE INDEX i ON t (a)"),
            new Case("CREATE INDEX i", "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x", "CREATE INDEX i ON m (x)"),
            new Case(
                    "CREATE STATISTICS public.st",
                    "CREATE TABLE t (a int, b int)",
                    "CREATE STATISTICS st ON a, b FROM t"),
            new Case("CREATE VIEW public.v", "CREATE VIEW v AS SELECT 1 AS x"),
            new Case("CREATE MATERIALIZED VIEW public.m", "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x"),
            new Case("REFRESH MATERIALIZED VIEW", "CREATE MATERIALIZED VIEW m AS SELECT 1 AS x"),
            new Case("CREATE RULE r", "CREATE TABLE t (a int)", "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING"),
            new Case(
                    "CREATE TRIGGER tr",
                    "CREATE TABLE t (a int)",
                    FUNCTION.formatted("trigger"),
                    "CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"),
            new Case("CREATE POLICY p", "CREATE TABLE t (a int)", "CREATE POLICY p ON t"),
            new Case("FORCE ROW LEVEL SECURITY", "CREATE TABLE t (a int)", "ALTER TABLE t FORCE ROW LEVEL SECURITY"),
            new Case("REPLICA IDENTITY FULL", "CREATE TABLE t (a int)", "ALTER TABLE t REPLICA IDENTITY FULL"),
            new Case("COMMENT ON TABLE", "CREATE TABLE t (a int)", "COMMENT ON TABLE t IS 'x'"),
            new Case("GRANT SELECT", "CREATE TABLE t (a int)", "GRANT SELECT ON t TO PUBLIC"),
            new Case(
                    "ALTER DEFAULT PRIVILEGES",
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC"),
            new Case(
                    "CREATE EVENT TRIGGER e",
                    FUNCTION.formatted("event_trigger"),
                    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()"));

    private final TestDatabase database = PostgresServer.shared().newDatabase();

    @Test
    void aDefinitionIsFoundWhereThereIsNothingElse() throws Exception {
        Set<String> expected = new TreeSet<>();
        Set<String> missed = new TreeSet<>();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            for (Case one : CASES) {
                try (var statement = connection.createStatement()) {
                    for (String sql : one.statements()) {
                        statement.execute(sql);
                    }
                    statement.execute("SET LOCAL search_path = ''");
                }
                expected.add(one.expected());
                if (DefinitionQueries.read(connection, Set.of()).definitions().stream()
                        .noneMatch(definition -> definition.sql().contains(one.expected()))) {
                    missed.add(one.expected());
                }
                connection.rollback();
            }
        }
        assertThat(missed).isEmpty();
        assertThat(expected).hasSizeGreaterThan(35);
    }
}
