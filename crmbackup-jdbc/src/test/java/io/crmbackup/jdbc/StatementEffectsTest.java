package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Harmless statements into which somebody has put more: what still passes for harmless is executed by a server, and must do nothing but make its own thing. */
class StatementEffectsTest {
    private static final int STATEMENTS = Integer.getInteger("crmbackup.forgedStatements", 1000);

    private static final List<String> HARMLESS = List.of(
            "CREATE TABLE x.new (a integer DEFAULT 1 CHECK (a > 0), b text)",
            "CREATE TABLE x.new (a integer, at date) PARTITION BY RANGE (at)",
            "CREATE TABLE x.new (c integer) INHERITS (x.t)",
            "CREATE SEQUENCE x.q AS bigint START WITH 1 INCREMENT BY 1 NO CYCLE",
            "CREATE DOMAIN x.d AS character varying(5) DEFAULT 'x'::text CHECK ((VALUE <> ''))",
            "CREATE TYPE x.kind AS ENUM ('a', 'b')",
            "CREATE SCHEMA IF NOT EXISTS y",
            "ALTER TABLE ONLY x.t ADD CONSTRAINT k PRIMARY KEY (a)",
            "ALTER TABLE x.t ADD CONSTRAINT c CHECK ((a > 0)) NOT VALID",
            "ALTER TABLE x.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES x.p(a) ON DELETE SET NULL DEFERRABLE",
            "ALTER TABLE x.t ADD CONSTRAINT e EXCLUDE USING btree (a WITH =) WHERE ((a > 0))",
            "CREATE UNIQUE INDEX i ON x.t USING btree (lower(b) DESC) INCLUDE (a) WITH (fillfactor='70') WHERE (b IS NOT NULL)",
            "ALTER TABLE ONLY x.t ALTER COLUMN a SET DEFAULT 5",
            "ALTER TABLE ONLY x.t ALTER COLUMN b SET STATISTICS 50",
            "ALTER TABLE ONLY x.t SET (fillfactor='70')",
            "ALTER TABLE x.t ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE ONLY x.t REPLICA IDENTITY FULL",
            "CREATE STATISTICS x.s (ndistinct) ON a, b FROM x.t",
            "COMMENT ON TABLE x.t IS 'told'",
            "COMMENT ON FUNCTION x.alarm() IS 'told'",
            "SELECT pg_catalog.setval('x.counter', 5, true)");

    private static final List<String> MORE = List.of(
            ", OWNER TO mallory_$",
            ", ALTER COLUMN b TYPE text USING x.alarm()::text",
            ", ADD COLUMN z int DEFAULT x.alarm()",
            ", DROP COLUMN b",
            ", DISABLE TRIGGER ALL",
            ", x.alarm()",
            " USING x.alarm()",
            " AS SELECT x.alarm()",
            " AUTHORIZATION mallory_$",
            " CREATE VIEW v AS SELECT x.alarm()",
            " GRANT ALL ON x.t TO PUBLIC",
            " DEFAULT x.alarm()",
            " CHECK (x.alarm() > 0)",
            " WHERE x.alarm() > 0",
            " || x.alarm()",
            " + x.alarm()",
            " OWNED BY x.t.a",
            " OWNER TO mallory_$",
            " TABLESPACE pg_default",
            " CASCADE",
            " SELECT x.alarm()",
            "; SELECT x.alarm()",
            " (SELECT x.alarm())",
            "(x.alarm())",
            ", (x.alarm())",
            "[x.alarm()]",
            ")",
            "(",
            "'",
            "\"",
            "--",
            "\r",
            "/*",
            "$$",
            ",",
            "E'\\''",
            " U&\"x\" UESCAPE '!'",
            "::x.kind",
            " COLLATE \"C\"");

    /** All that statements of these kinds leave as it is. */
    private static final String STATE = """
            SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM (
            SELECT format('%s %s %s %s', c.relname, c.relkind, c.relowner, c.relacl) AS line FROM pg_class c
              WHERE relnamespace = 'x'::regnamespace AND relname IN ('t', 'p', 'counter', 'secret')
            UNION ALL SELECT format('%s %s %s %s', attrelid::regclass, attname, atttypid, attisdropped) FROM pg_attribute
              WHERE attrelid IN ('x.t'::regclass, 'x.p'::regclass, 'x.secret'::regclass) AND attnum > 0
            UNION ALL SELECT format('%s %s', oid, prosrc) FROM pg_proc WHERE oid >= 16384
            UNION ALL SELECT format('%s %s', tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
            UNION ALL SELECT format('rule %s', ev_class) FROM pg_rewrite WHERE oid >= 16384
            UNION ALL SELECT format('%s %s', nspname, nspacl) FROM pg_namespace WHERE nspowner <> current_user::regrole AND oid >= 16384
            UNION ALL SELECT rolname FROM pg_roles UNION ALL SELECT extname FROM pg_extension
            UNION ALL SELECT polname FROM pg_policy UNION ALL SELECT evtname FROM pg_event_trigger
            UNION ALL SELECT format('owner %s', relname) FROM pg_class WHERE oid >= 16384 AND relowner <> current_user::regrole
            UNION ALL SELECT format('row %s', t) FROM x.t UNION ALL SELECT format('row %s', t) FROM x.secret t) s
            """;

    @Test
    void whatPassesForHarmlessDoesNoSecondThing() throws Exception {
        TestDatabase database = TestedServer.postgres().newDatabase();
        String mallory = "mallory_" + database.name();
        database.execute(
                "CREATE SCHEMA x",
                "CREATE ROLE " + mallory,
                "CREATE SEQUENCE x.rung",
                "CREATE SEQUENCE x.counter",
                "CREATE FUNCTION x.alarm() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT nextval('x.rung')::int $$",
                "CREATE TABLE x.p (a int PRIMARY KEY)",
                "CREATE TABLE x.t (a int NOT NULL, b text)",
                "CREATE TABLE x.secret (a int)",
                "INSERT INTO x.p VALUES (1)",
                "INSERT INTO x.t VALUES (1, 'one')",
                "INSERT INTO x.secret VALUES (1)");
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        List<String> executed = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            String before = state(connection);
            for (int i = 0; i < STATEMENTS; i++) {
                String sql = mutated(random, mallory);
                if (!SchemaStatement.of(sql).isSafe()) {
                    continue;
                }
                Savepoint savepoint = connection.setSavepoint();
                try {
                    Dialect.execute(connection, sql);
                    Dialect.execute(connection, "SET CONSTRAINTS ALL IMMEDIATE");
                    executed.add(sql);
                    assertThat(state(connection)).as("seed %d: %s", seed, sql).isEqualTo(before);
                } catch (SQLException e) {
                    // What the server doesn't take has no effect.
                    assertThat(e.getSQLState()).isNotNull();
                }
                connection.rollback(savepoint);
            }
        }
        assertThat(executed).as("seed %d", seed).hasSizeGreaterThan(HARMLESS.size());
        assertThat(database.number("SELECT count(*) FROM x.rung WHERE is_called"))
                .as("seed %d", seed)
                .isZero();
    }

    private static String state(Connection connection) throws SQLException {
        return Dialect.strings(connection, STATE).get(0);
    }

    /** One of the harmless statements with one or two things more somewhere between its words. */
    private static String mutated(Random random, String mallory) {
        String sql = HARMLESS.get(random.nextInt(HARMLESS.size()));
        for (int left = random.nextInt(3); left > 0; left--) {
            int at = random.nextInt(4) == 0 ? sql.length() : random.nextInt(sql.length() + 1);
            String more = MORE.get(random.nextInt(MORE.size())).replace("mallory_$", mallory);
            sql = sql.substring(0, at) + more + sql.substring(at);
        }
        return sql;
    }
}
