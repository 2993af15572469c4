package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PostgresCaptureTest {
    private final PostgresServer server = PostgresServer.shared();

    @Test
    void allRowsOfAllTablesAreCapturedOnce() throws Exception {
        TestDatabase database = Samples.smallCrm(server);
        Copy copy = Copy.of(JdbcSource.of(database));
        Map<String, Long> counts = new TreeMap<>();
        for (String table : Databases.query(
                        database,
                        "SELECT quote_ident(n.nspname) || '.' || quote_ident(relname) FROM pg_class c JOIN pg_namespace n"
                                + " ON n.oid = relnamespace WHERE relkind = 'r' AND nspname !~ '^(pg_|information)'")
                .split(",")) {
            counts.put(table, database.number("SELECT count(*) FROM ONLY " + table));
        }
        assertThat(copy.parts().values().stream().map(part -> (long) part.rows().size()))
                .containsExactlyInAnyOrderElementsOf(counts.values());
        assertThat(copy.parts())
                .containsKeys(
                        "sales.activity_2024", "sales.note", "sales.signed_note", "sales.cache", "sales.no_columns")
                .doesNotContainKeys("sales.activity", "sales.by_stage", "sales.pipeline");
        assertThat(copy.attributes().get("leftOut")).contains("materialized view sales.by_stage");
        assertThat(copy.texts("Sales & \"Support\".Order", "quote\"d"))
                .hasSize(copy.parts().get("Sales & \"Support\".Order").rows().size());
    }

    @Test
    void theOrderIsThatOfTheKeyOnlyWhereTheServerOrdersLikeTheKey() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE numbers (b int8, a int2, PRIMARY KEY (a, b))",
                "INSERT INTO numbers SELECT i, i % 7 - 3 FROM generate_series(-300, 300) i",
                "CREATE TABLE ids (id uuid PRIMARY KEY)",
                "INSERT INTO ids SELECT md5(i::text)::uuid FROM generate_series(1, 300) i",
                "CREATE TABLE hashes (id bytea PRIMARY KEY)",
                "INSERT INTO hashes SELECT decode(substr(md5(i::text), 1, i % 33 / 2 * 2), 'hex') FROM generate_series(1, 300) i"
                        + " ON CONFLICT DO NOTHING",
                "INSERT INTO hashes VALUES ('\\x00'), ('\\x0000'), ('\\x00ff') ON CONFLICT DO NOTHING",
                "CREATE TABLE texts (id text PRIMARY KEY)",
                "INSERT INTO texts SELECT i::text FROM generate_series(1, 300) i",
                "CREATE TABLE amounts (id numeric PRIMARY KEY)");
        // Copy fails where records are not in the order that is stated.
        Map<String, Copy.Part> parts = Copy.of(JdbcSource.of(database)).parts();
        assertThat(parts).hasEntrySatisfying("numbers", part -> {
            assertThat(part.order()).isEqualTo(Order.BY_KEY);
            assertThat(part.schema().key()).containsExactly("a", "b");
        });
        assertThat(parts.get("ids").order()).isEqualTo(Order.BY_KEY);
        assertThat(parts.get("hashes").order()).isEqualTo(Order.BY_KEY);
        assertThat(parts.get("texts").order()).isEqualTo(Order.UNSORTED);
        assertThat(parts.get("amounts").order()).isEqualTo(Order.UNSORTED);
    }

    @Test
    void aUniqueIndexIsAKeyOnlyIfItHoldsForAllRowsAtAnyTime() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE good (a int NOT NULL, b int NOT NULL, c int, UNIQUE (a, b), UNIQUE (c))",
                "CREATE UNIQUE INDEX whole ON good (b) INCLUDE (c)",
                "CREATE TABLE partial (a int NOT NULL)",
                "CREATE UNIQUE INDEX ON partial (a) WHERE a > 0",
                "CREATE TABLE expression (a int NOT NULL)",
                "CREATE UNIQUE INDEX ON expression ((a + 1))",
                "CREATE TABLE late (a int NOT NULL UNIQUE DEFERRABLE)",
                "CREATE TABLE nullable (a int UNIQUE)",
                "CREATE TABLE plain (a int NOT NULL)",
                "CREATE INDEX ON plain (a)");
        Map<String, Copy.Part> parts = Copy.of(JdbcSource.of(database)).parts();
        assertThat(parts.get("good").schema().key()).containsExactly("b");
        for (String keyless : new String[] {"partial", "expression", "late", "nullable", "plain"}) {
            assertThat(parts.get(keyless).schema().isKeyed()).as(keyless).isFalse();
        }
    }

    @Test
    void generatedColumnsAreLeftToTheServer() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE t (a int PRIMARY KEY, dropped int, b int GENERATED ALWAYS AS (a * 2) STORED, c int)",
                "ALTER TABLE t DROP COLUMN dropped",
                "INSERT INTO t (a, c) VALUES (1, 3)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.parts().get("t").schema().fields()).extracting("name").containsExactly("a", "c");
        TestDatabase restored = server.newDatabase();
        copy.restore(JdbcTarget.empty(restored));
        assertThat(restored.number("SELECT b FROM t")).isEqualTo(2);
    }

    @Test
    void whatRefersByGeneratedColumnsComesBack() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE p (id int PRIMARY KEY)",
                "CREATE TABLE t (a int, id int GENERATED ALWAYS AS (a * 2) STORED PRIMARY KEY,"
                        + " p int GENERATED ALWAYS AS (a) STORED REFERENCES p, own int REFERENCES p)",
                "INSERT INTO p VALUES (1), (2)",
                "INSERT INTO t (a, own) VALUES (1, 2)");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.parts().get("t").schema().isKeyed()).isFalse();
        assertThat(copy.parts().get("t").schema().references())
                .extracting("fields")
                .containsExactly(List.of("own"));
        TestDatabase restored = server.newDatabase();
        copy.restore(JdbcTarget.empty(restored));
        assertThat(restored.number("SELECT p FROM t")).isEqualTo(1);
        assertThat(restored.number(
                        "SELECT count(*) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'f'"))
                .isEqualTo(2);
    }

    @Test
    void aTableThatMayNotBeReadFailsTheCaptureByName() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE open (id serial PRIMARY KEY)",
                "CREATE TABLE \"Se cret\" (id int)",
                "DROP ROLE IF EXISTS reader",
                "CREATE ROLE reader LOGIN",
                "GRANT SELECT ON open TO reader",
                "CREATE TABLE other (id int)");
        TestDatabase asReader = as(database, "reader");
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(asReader)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        "role reader may not read table Se cret, sequence open_id_seq, table other: grant it SELECT");
        database.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO reader");
        Copy copy = Copy.of(JdbcSource.from(asReader).include("open").build());
        assertThat(copy.parts()).containsOnlyKeys("open");
        database.execute("GRANT pg_read_all_data TO reader");
        assertThat(Copy.of(JdbcSource.of(asReader)).parts()).hasSize(3);
        database.execute("DROP OWNED BY reader", "DROP ROLE reader");
    }

    @Test
    void rowsThatAreHiddenFromTheRoleFailTheCaptureByName() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE visible (id int)",
                "CREATE TABLE hidden (id int)",
                "INSERT INTO hidden VALUES (1), (2)",
                "ALTER TABLE hidden ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY one ON hidden USING (id = 1)",
                "DROP ROLE IF EXISTS tenant",
                "CREATE ROLE tenant LOGIN",
                "GRANT SELECT ON ALL TABLES IN SCHEMA public TO tenant");
        TestDatabase asTenant = as(database, "tenant");
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(asTenant)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("row security hides rows from role tenant in table hidden")
                .hasMessageContaining("BYPASSRLS");
        database.execute("ALTER ROLE tenant BYPASSRLS");
        assertThat(Copy.of(JdbcSource.of(asTenant)).texts("hidden", "id")).containsExactlyInAnyOrder("1", "2");
        database.execute("DROP OWNED BY tenant", "DROP ROLE tenant");
    }

    @Test
    void noTableIsShadowedByATemporaryOneOfTheSession() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (var connection = database.getConnection()) {
            Dialect.execute(connection, "CREATE TEMP TABLE t (id int)");
            Dialect.execute(connection, "CREATE TEMP TABLE pg_class (oid int)");
            Copy copy = Copy.of(JdbcSource.of(LentConnection.of(connection)));
            assertThat(copy.texts("t", "id")).containsExactly("1");
        }
    }

    @Test
    void theConnectionIsGivenBackAsItWas() throws Exception {
        TestDatabase database = Samples.smallCrm(server);
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            String all = "SELECT string_agg(name || '=' || setting, E'\\n' ORDER BY name) FROM pg_settings"
                    + " WHERE name <> 'transaction_read_only' AND name <> 'transaction_isolation'";
            String before = Dialect.strings(connection, all).get(0);
            connection.commit();
            Copy.of(JdbcSource.of(LentConnection.of(connection)));
            assertThat(connection.getAutoCommit()).isFalse();
            assertThat(Dialect.strings(connection, all).get(0)).isEqualTo(before);
        }
    }

    @Test
    void aTableThatIsNotReadToItsEndDoesNotDisturbTheNext() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, what text)",
                "INSERT INTO a SELECT i, repeat('x', 1000) FROM generate_series(1, 20000) i",
                "CREATE TABLE b (id int PRIMARY KEY)",
                "INSERT INTO b VALUES (1)");
        try (Capture capture = Copy.open(JdbcSource.of(database))) {
            for (int i = 0; i < 3; i++) {
                try (RecordCursor cursor = capture.read("a")) {
                    assertThat(cursor.next()).isTrue();
                }
                try (RecordCursor cursor = capture.read("b")) {
                    assertThat(cursor.next()).isTrue();
                    assertThat(cursor.values().get(0).text()).isEqualTo("1");
                    assertThat(cursor.next()).isFalse();
                    assertThat(cursor.next()).isFalse();
                }
            }
        }
    }

    @Test
    void whatTablesCountedIsNotBehindTheirRows() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE serial (id serial PRIMARY KEY, what text)",
                "INSERT INTO serial (what) SELECT 'x' FROM generate_series(1, 10)",
                "CREATE TABLE identity (id int GENERATED ALWAYS AS IDENTITY (INCREMENT BY 5) PRIMARY KEY, what text)",
                "INSERT INTO identity (what) SELECT 'x' FROM generate_series(1, 10)",
                "CREATE SEQUENCE free START 7 INCREMENT -2 MINVALUE -100 MAXVALUE 100",
                "SELECT nextval('free')");
        Copy copy = Copy.of(JdbcSource.of(database));
        TestDatabase restored = server.newDatabase();
        copy.restore(JdbcTarget.empty(restored));
        for (TestDatabase each : new TestDatabase[] {database, restored}) {
            each.execute("INSERT INTO serial (what) VALUES ('new')", "INSERT INTO identity (what) VALUES ('new')");
            assertThat(each.number("SELECT max(id) FROM serial")).isEqualTo(11);
            assertThat(each.number("SELECT max(id) FROM identity")).isEqualTo(51);
            assertThat(each.number("SELECT nextval('free')")).isEqualTo(5);
        }
        assertThat(copy.attributes()).containsKey("position.00002");
    }

    private static TestDatabase as(TestDatabase database, String role) {
        return database.at(database.url() + "?user=" + role + "&options=-c%20role=" + role);
    }

    @Test
    void aServerThatLocksATableTooLongIsNamed() throws Exception {
        TestDatabase database = server.newDatabase();
        database.execute("CREATE TABLE busy (id int)");
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            Dialect.execute(connection, "LOCK TABLE busy");
            JdbcSource source =
                    JdbcSource.from(database).lockTimeout(Duration.ofMillis(20)).build();
            assertThatThrownBy(() -> Copy.of(source))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("table busy is locked")
                    .hasMessageContaining("lockTimeout");
        }
    }
}
