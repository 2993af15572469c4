package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.postgres.PostgresDialect;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether an empty database still is when a restore begins. */
final class PostgresEmptyTest {
    private static final List<String> DEFINITIONS = List.of(
            "CREATE TABLE t (a int)",
            "CREATE VIEW v AS SELECT 1 AS x",
            "CREATE SEQUENCE s",
            "CREATE TYPE kind AS ENUM ('a')",
            "CREATE DOMAIN d AS text",
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
            "CREATE CAST (int4 AS box) WITH INOUT",
            "CREATE COLLATION c FROM \"C\"",
            "CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple)",
            "CREATE TEXT SEARCH CONFIGURATION config (PARSER = \"default\")",
            "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'");

    private final PostgresServer server = PostgresServer.shared();
    private final TestDatabase database = server.newDatabase();

    @Test
    void whatIsDefinedAfterThePreviewStopsTheRestore() throws Exception {
        database.execute("CREATE TABLE data (id int PRIMARY KEY)");
        Copy copy = Copy.of(JdbcSource.of(database));
        for (String definition : DEFINITIONS) {
            TestDatabase target = server.newDatabase();
            try (TargetSession session =
                    JdbcTarget.empty(target).open(copy.attributes(), copy.collections(Extent.WHOLE))) {
                assertThat(session.preview().blockers()).isEmpty();
                target.execute(definition);
                assertThatThrownBy(session::begin)
                        .as(definition)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("not empty");
            }
        }
    }

    @Test
    void everyDefinitionIsNoticedAndNothingElse() throws Exception {
        PostgresDialect dialect = new PostgresDialect();
        List<String> changes = new ArrayList<>(DEFINITIONS);
        changes.addAll(List.of(
                "CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION e()",
                "ALTER TABLE t RENAME TO u",
                "ALTER TABLE u ADD COLUMN b int",
                "ALTER TABLE u ADD PRIMARY KEY (a)",
                "ALTER FUNCTION f() STABLE",
                "CREATE OR REPLACE VIEW v AS SELECT 2 AS x, 3 AS y",
                "DROP VIEW v; CREATE VIEW v AS SELECT 1 AS x",
                "DROP TYPE kind",
                "CREATE SCHEMA other",
                "ALTER SCHEMA other RENAME TO another",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC",
                "DROP SEQUENCE s"));
        try (Connection connection = database.getConnection()) {
            String before = dialect.definitions(connection).orElseThrow();
            for (String change : changes) {
                assertThat(dialect.definitions(connection)).contains(before);
                database.execute(change);
                String after = dialect.definitions(connection).orElseThrow();
                assertThat(after).as(change).isNotEqualTo(before);
                before = after;
            }
            database.execute("INSERT INTO u VALUES (1)");
            assertThat(dialect.definitions(connection)).contains(before);
        }
    }
}
