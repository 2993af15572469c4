package io.crmbackup.jdbc.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaStatementTest {
    @ParameterizedTest
    @ValueSource(strings = {"COMMENT ON TABLE %sA IS 'x'", "ALTER TABLE T ALTER COLUMN A SET DEFAULT %s1"})
    void aStatementWithoutEndIsInDoubt(String form) {
        String sql = form.formatted("1 + ".repeat(100_000));

        assertThat(SchemaStatement.of(sql).isSafe()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE T(A INT DEFAULT FILE_WRITE('x', '/f'))",
                "CREATE TABLE T(A INT DEFAULT \"FILE_WRITE\"('x', '/f'))",
                "CREATE TABLE T(A INT DEFAULT PUBLIC.F('x'))",
                "CREATE TABLE T(A INT DEFAULT \"PUBLIC\".\"LOWER\"('x'))",
                "CREATE TABLE T(A INT DEFAULT /* */ CSVWRITE -- \n ('f', 'SELECT 1'))",
                "CREATE TABLE T(A INT CHECK (A > load_extension('x')))",
                "CREATE TABLE T(A INT CHECK (A > [load_extension]('x')))",
                "CREATE TABLE T(A INT CHECK (A > `load_extension`('x')))",
                "CREATE TABLE T(A INT AS (U&\"FILE\\005fWRITE\"('x', 'y')))",
                "CREATE TABLE T(A INT) AS SELECT 1",
                "CREATE TABLE T(A INT) ENGINE \"com.example.Evil\"",
                "CREATE TABLE T(A INT CHECK (EXISTS (SELECT 1 FROM X)))",
                "CREATE TABLE T(A INT); DROP TABLE X",
                "CREATE TABLE T(A INT CHECK (A > $$x$$))",
                "CREATE TABLE T(A INT DEFAULT 'open",
                "CREATE TABLE T(A INT /* /* */ DEFAULT F() */)",
                "CREATE TABLE T AS SELECT FILE_READ('x')",
                "CREATE TEMP TABLE T(A INT)",
                "CREATE VIRTUAL TABLE T USING fts5(x)",
                "CREATE LINKED TABLE T('org.h2.Driver', 'jdbc:x', 'a', 'b', 'T')",
                "CREATE VIEW V AS SELECT 1",
                "CREATE ALIAS A FOR 'java.lang.System.exit'",
                "CREATE FORCE ALIAS \"INDEX\" ON T(A)",
                "CREATE TRIGGER T BEFORE INSERT ON X CALL 'com.example.Evil'",
                "CREATE TRIGGER \"INDEX\" AFTER INSERT ON X BEGIN DELETE FROM Y; END",
                "CREATE AGGREGATE A FOR 'x'",
                "CREATE USER U PASSWORD 'x' ADMIN",
                "CREATE INDEX I ON T(F(A))",
                "CREATE INDEX I ON T(A) WHERE \"F\"(A)",
                "ALTER TABLE T ADD CONSTRAINT C CHECK(F(A) > 1)",
                "ALTER TABLE T ALTER COLUMN A RESTART WITH (SELECT F())",
                "ALTER TABLE T ALTER COLUMN A RESTART WITH 1 CASCADE",
                "ALTER TABLE T DROP COLUMN A",
                "ALTER DOMAIN D ADD CONSTRAINT C CHECK(F(VALUE))",
                "ALTER USER SA SET PASSWORD 'x'",
                "CREATE DOMAIN D AS INT DEFAULT F(1)",
                "RUNSCRIPT FROM 'x'",
                "SCRIPT TO 'x'",
                "GRANT ALL ON T TO PUBLIC",
                "PRAGMA user_version = load",
                "PRAGMA journal_mode = 5",
                "DELETE FROM sqlite_sequence",
                "DELETE FROM account WHERE name = 'x'",
                "ATTACH 'x' AS y",
                "DROP TABLE T",
                "CREATE TABLE T(A INT CHECK (B[F()] > 1))",
                "CREATE TABLE T(A INT CHECK (B['x'] = F() OR B['y'] = 1))",
                "CREATE TABLE T(A INT DEFAULT (ARRAY[1], [\"]), F(), [\"]))",
                "CREATE TABLE T(A TEXT DEFAULT E'\\'' || F() || E'\\'')",
                "CREATE TYPE s.t AS RANGE (subtype = text, canonical = s.f)",
                "CREATE TYPE s.t (INPUT = s.f, OUTPUT = s.g)",
                "CREATE INDEX i ON s.t USING btree (s.f(a))",
                "CREATE INDEX i ON s.t USING gist (a) WHERE s.f(a)",
                "SELECT pg_catalog.setval('s.q', 1, f())",
                "SELECT pg_catalog.setval('s.q', 1, true), f()",
                "SELECT s.setval('s.q', 1, true)",
                "SELECT f()",
                "CREATE TABLE s.t (a integer) PARTITION BY RANGE (s.f(a))",
                "CREATE TABLE s.t (a integer) PARTITION BY LIST (a) TABLESPACE x",
                "CREATE TABLE s.t (a integer) INHERITS (s.p) AS SELECT 1",
                "CREATE TABLE s.t (a integer DEFAULT list(1)) PARTITION BY LIST (a)",
                "ALTER TABLE ONLY s.t ATTACH PARTITION s.p FOR VALUES IN (s.f(1))",
                "ALTER TABLE ONLY s.t ALTER COLUMN a SET DEFAULT s.f()",
                "ALTER TABLE s.t ALTER COLUMN a TYPE text USING s.f(a)",
                "ALTER TABLE s.t ADD CONSTRAINT c EXCLUDE USING gist (s.f(a) WITH =)",
                "ALTER TABLE s.t ENABLE TRIGGER x",
                "ALTER TABLE s.t SET SCHEMA x",
                "ALTER TABLE s.t OWNER TO x",
                "ALTER TABLE s.t VALIDATE CONSTRAINT c, OWNER TO x",
                "ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT SELECT ON TABLES TO b",
                "REVOKE ALL ON t FROM PUBLIC",
                "CREATE POLICY p ON s.t USING (true)",
                "CREATE EXTENSION IF NOT EXISTS x WITH SCHEMA public",
                "CREATE STATISTICS s.x ON s.f(a), b FROM s.t",
                "CREATE RULE r AS ON INSERT TO s.t DO NOTHING",
                "COMMENT ON TABLE t IS f() IS 'x'",
                "COMMENT ON FUNCTION f(integer) IS g('x')",
                // What one reader takes for the end of a comment and another doesn't
                "CREATE TABLE t (a text --\r DEFAULT f()\n)",
                "CREATE TABLE t (a text) --\r; DROP TABLE x",
                // A comment to some only
                "CREATE TABLE T (A INTEGER CHECK (A > 1 // '\n)); CREATE ALIAS X AS '...'; CREATE TABLE Z (B INTEGER CHECK (B > 1 //'\n))",
                // A second thing done to the table
                "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0), ALTER COLUMN a TYPE text USING f(a)",
                "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) USING f(a)",
                "ALTER TABLE t SET (fillfactor='70'), OWNER TO mallory, CLUSTER ON i",
                "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a), DROP COLUMN b",
                "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (b), OWNER TO mallory, CLUSTER ON i",
                "ALTER TABLE t ALTER COLUMN a SET DEFAULT 1, OWNER TO mallory, CLUSTER ON i",
                "ALTER TABLE t ALTER COLUMN a SET STATISTICS 5, DISABLE TRIGGER ALL",
                "ALTER TABLE t REPLICA IDENTITY FULL, NO FORCE ROW LEVEL SECURITY",
                "ALTER TABLE t CLUSTER ON i, DISABLE ROW LEVEL SECURITY",
                // Whose it is, and who may do what with it
                "CREATE SCHEMA s AUTHORIZATION mallory",
                "CREATE SCHEMA AUTHORIZATION mallory",
                "CREATE SCHEMA s GRANT ALL ON TABLE t TO PUBLIC",
                // Names that are keywords of another kind
                "CREATE POLICY index ON t USING (true)",
                "CREATE RULE index AS ON INSERT TO t DO NOTHING",
                "CREATE TABLE t COMMENT 'x' ENGINE \"com.example.Evil\"",
                "CREATE TABLE t OF s.type ENGINE \"com.example.Evil\"",
                "CREATE TABLE t OF s.type TABLESPACE x",
                "",
            })
    void statementThatMayRunCodeIsNotSafe(String sql) {
        assertThat(SchemaStatement.of(sql).isSafe()).as(sql).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE MEMORY TABLE \"PUBLIC\".\"T\" COMMENT 'it''s; (' (\n \"A\" NUMERIC(12, 2) DEFAULT 1, B CHARACTER VARYING(3))",
                "CREATE TABLE T(A TIMESTAMP(3) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP(3), E ENUM('(', ';'), C INT ARRAY[4])",
                "CREATE TABLE t (a INTEGER PRIMARY KEY, b REFERENCES p(x), c AS (lower(b) || coalesce(a, 1)) STORED) STRICT, WITHOUT ROWID",
                "CREATE TABLE [a b] (`c` INT, \"d\" CHECK (\"d\" IN (1, 2)), PRIMARY KEY(`c`)) -- end",
                "ALTER TABLE \"S\".\"T\" ADD CONSTRAINT \"S\".\"C\" FOREIGN KEY(\"A\") REFERENCES \"S\".\"P\"(\"ID\") NOCHECK",
                "ALTER TABLE \"S\".\"T\" ADD CONSTRAINT \"S\".\"C\" UNIQUE NULLS DISTINCT (\"A\")",
                "ALTER TABLE \"S\".\"T\" ALTER COLUMN \"A\" RESTART WITH -5",
                "CREATE UNIQUE NULLS DISTINCT INDEX \"S\".\"I\" ON \"S\".\"T\"(\"A\" DESC)",
                "CREATE INDEX i ON t(lower(a)) WHERE b IS NOT NULL",
                "CREATE SEQUENCE \"S\".\"Q\" START WITH 5 CACHE 10",
                "CREATE DOMAIN \"S\".\"D\" AS CHARACTER VARYING(5) DEFAULT 'x'",
                "COMMENT ON TABLE T IS 'DROP'",
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('a', 5)",
                "CREATE TABLE \"s\".\"t\" (\"id\" bigint DEFAULT nextval('s.t_id_seq'::regclass) NOT NULL, tags text[] DEFAULT '{}'::text[])",
                "CREATE UNLOGGED TABLE \"s\".\"t\" (\"a\" integer GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME \"s\".\"q\" START WITH -1))",
                "ALTER TABLE s.t ADD CONSTRAINT c CHECK ((kind = ANY (ARRAY['a'::text, 'b'::text])))",
                "ALTER TABLE s.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES s.p(id) DEFERRABLE NOT VALID",
                "CREATE UNIQUE INDEX i ON s.t USING btree (lower(a) DESC) INCLUDE (b) WITH (fillfactor='70') WHERE (b IS NULL)",
                "CREATE TYPE s.\"Mood\" AS ENUM ('(', 'it''s')",
                "CREATE TYPE s.address AS (street text, zip character varying(10))",
                "ALTER SEQUENCE \"s\".\"q\" OWNED BY \"s\".\"t\".\"id\"",
                "SELECT pg_catalog.setval('\"s\".\"q\"', -5, true)",
                "CREATE TABLE s.t (a integer, at date NOT NULL) PARTITION BY RANGE (at, date_trunc('month', at))",
                "CREATE TABLE s.t (a integer) INHERITS (s.p, s.q)",
                "ALTER TABLE ONLY s.t ATTACH PARTITION s.p FOR VALUES FROM ('2024-01-01', MINVALUE) TO (MAXVALUE, 5)",
                "ALTER TABLE ONLY s.t ATTACH PARTITION s.p FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "ALTER TABLE ONLY s.t ATTACH PARTITION s.p DEFAULT",
                "ALTER INDEX s.i ATTACH PARTITION s.j",
                "ALTER TABLE s.t INHERIT s.p",
                "ALTER TABLE ONLY s.t SET (fillfactor='70', toast.autovacuum_enabled='false')",
                "ALTER TABLE ONLY s.t ALTER COLUMN a SET STATISTICS 50",
                "ALTER TABLE ONLY s.t ALTER COLUMN a SET DEFAULT 'x'::text",
                "ALTER TABLE s.t ADD CONSTRAINT c EXCLUDE USING gist (during WITH &&, room WITH =) WHERE ((room > 0))",
                "ALTER TABLE s.t ENABLE ROW LEVEL SECURITY",
                "ALTER TABLE s.t VALIDATE CONSTRAINT c",
                "CREATE INDEX i ON ONLY s.t USING btree (a)",
                "CREATE STATISTICS s.x (ndistinct, dependencies) ON a, b FROM s.t",
                "CREATE UNLOGGED SEQUENCE s.q AS bigint START WITH 1",
                "CREATE SCHEMA IF NOT EXISTS s",
                "CREATE TABLE t (a int) -- the end\r\n",
                "CREATE TABLE s.t OF s.type",
                "CREATE TABLE s.t OF s.type (a WITH OPTIONS NOT NULL)",
                "CREATE TABLE s.t OF s.type PARTITION BY LIST (a)",
                "COMMENT ON FUNCTION s.f(integer) IS 'DROP'",
            })
    void statementThatOnlyDefinesIsSafe(String sql) {
        assertThat(SchemaStatement.of(sql).doubt()).as(sql).isEmpty();
    }

    @Test
    void tablesOfAStatementAreKnown() {
        SchemaStatement key = SchemaStatement.of(
                "ALTER TABLE \"S\".\"T\" ADD CONSTRAINT \"S\".\"C\" FOREIGN KEY(\"A\") REFERENCES \"P.\"\"x\"(\"ID\")");
        assertThat(key.kind()).isEqualTo(Type.FOREIGN_KEY);
        assertThat(key.table()).contains(new TableName("S", "T"));
        assertThat(key.target()).contains(new TableName("", "P.\"x"));
        assertThat(SchemaStatement.of(
                                "CREATE FORCE TRIGGER \"S\".\"ON\" BEFORE INSERT, UPDATE ON \"S\".\"T\" FOR EACH ROW CALL 'x'")
                        .table())
                .contains(new TableName("S", "T"));
        SchemaStatement part = SchemaStatement.of("ALTER TABLE ONLY s.t ATTACH PARTITION s.p DEFAULT");
        assertThat(part.kind()).isEqualTo(Type.PART);
        assertThat(part.table()).contains(new TableName("s", "p"));
        assertThat(part.target()).contains(new TableName("s", "t"));
        assertThat(SchemaStatement.of("CREATE TABLE U&\"\\00e9\\+01f600\\\\\"(A INT)")
                        .table())
                .contains(new TableName("", "é\uD83D\uDE00\\"));
    }
}
