package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.RestorePlan;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases of PostgreSQL with what is not in every one, there and back. */
class PostgresSamplesTest {
    private final PostgresServer server = PostgresServer.shared();

    @TempDir
    private Path work;

    private Lab lab;

    @BeforeEach
    void create() {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private RestoreReport restored(TestDatabase database, JdbcTarget target) {
        lab.backup("db", JdbcSource.of(database));
        return lab.repository.restore(
                RestorePlan.latest("crm").into("db", target).verify().build());
    }

    private static List<String> strings(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                result.add(rows.getString(1));
            }
            return result;
        }
    }

    /** Tables by their names, with their numbers of rows and a digest of them. */
    private static List<String> content(TestDatabase database) throws SQLException {
        List<String> content = new ArrayList<>();
        for (String table : strings(
                database,
                "SELECT c.oid::regclass::text FROM pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1")) {
            content.add(table + ": "
                    + strings(
                                    database,
                                    "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM ONLY "
                                            + table + " t")
                            .get(0));
        }
        return content;
    }

    @Test
    void aFilmRentalComesBackEqual() throws SQLException {
        TestDatabase shop = Samples.sakila(server);
        TestDatabase restored = server.newDatabase();
        RestoreReport report = restored(shop, JdbcTarget.empty(restored).trustSchema());
        assertThat(report.verified()).isTrue();
        assertThat(content(restored)).isEqualTo(content(shop)).hasSizeGreaterThan(15);
    }

    @Test
    void referencesToPartitionedTablesComeBack() throws SQLException {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE customer (id int PRIMARY KEY, name text) PARTITION BY RANGE (id)",
                "CREATE TABLE customer_1 PARTITION OF customer FOR VALUES FROM (0) TO (10)",
                "CREATE TABLE customer_2 PARTITION OF customer FOR VALUES FROM (10) TO (20)",
                "INSERT INTO customer VALUES (5, 'five'), (15, 'fifteen')",
                "CREATE TABLE plain (id int PRIMARY KEY)",
                "INSERT INTO plain VALUES (1)",
                "CREATE TABLE visit (id int PRIMARY KEY, customer int REFERENCES customer, plain int REFERENCES plain)",
                "INSERT INTO visit VALUES (1, 5, 1), (2, 15, 1)",
                "CREATE TABLE part (id int, plain int REFERENCES plain) PARTITION BY LIST (id)",
                "CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1)",
                "INSERT INTO part VALUES (1, 1)");
        TestDatabase restored = server.newDatabase();
        assertThat(restored(database, JdbcTarget.empty(restored)).verified()).isTrue();
        assertThat(content(restored)).isEqualTo(content(database));
        String keys =
                "SELECT conrelid::regclass || ' ' || confrelid::regclass || ' ' || convalidated FROM pg_constraint WHERE contype = 'f' ORDER BY 1";
        assertThat(strings(restored, keys)).isEqualTo(strings(database, keys)).contains("visit customer true");
    }

    @Test
    void tablesWhoseChecksAndDefaultsCallFunctionsComeBackWithTrust() throws SQLException {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE FUNCTION next_code() RETURNS text LANGUAGE sql AS $$ SELECT 'code' $$",
                "CREATE FUNCTION is_good(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 <> 'bad' $$",
                "CREATE TABLE a (id int PRIMARY KEY, code text DEFAULT next_code() CHECK (is_good(code)))",
                "CREATE INDEX ON a (is_good(code))",
                "INSERT INTO a (id) VALUES (1)",
                "CREATE FUNCTION all_a() RETURNS SETOF a LANGUAGE sql AS $$ SELECT * FROM public.a $$");
        TestDatabase restored = server.newDatabase();
        assertThat(restored(database, JdbcTarget.empty(restored).trustSchema()).verified())
                .isTrue();
        restored.execute("INSERT INTO a (id) VALUES (2)");
        assertThat(strings(restored, "SELECT code FROM all_a()")).containsExactly("code", "code");
    }

    @Test
    void tablesOfAnyShapeAndNameComeBack() throws SQLException {
        TestDatabase database = server.newDatabase();
        String odd = "\"a\"\"b\nc\td'😀\\" + "x".repeat(50) + "\"";
        StringBuilder wide = new StringBuilder("c0 int PRIMARY KEY");
        for (int i = 1; i < 1600; i++) {
            wide.append(", c").append(i).append(i % 2 == 0 ? " bool" : " text");
        }
        database.execute(
                "CREATE TABLE wide (" + wide + ")",
                "INSERT INTO wide (c0, c1, c1598, c1599) VALUES (1, 'first', true, 'last'), (2, NULL, NULL, NULL)",
                "CREATE TABLE nothing ()",
                "INSERT INTO nothing DEFAULT VALUES",
                "INSERT INTO nothing DEFAULT VALUES",
                "CREATE TABLE no_rows (id int PRIMARY KEY, what text)",
                "CREATE SCHEMA " + odd,
                "CREATE TABLE " + odd + "." + odd + " (" + odd + " serial PRIMARY KEY, what text)",
                "INSERT INTO " + odd + "." + odd + " (what) VALUES ('odd')",
                "CREATE SCHEMA a",
                "CREATE TABLE a.b (id int PRIMARY KEY)",
                "CREATE TABLE \"a.b\" (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY)",
                "INSERT INTO a.b VALUES (1)",
                "INSERT INTO \"a.b\" VALUES (2)",
                "INSERT INTO b VALUES (3)");
        TestDatabase restored = server.newDatabase();
        assertThat(restored(database, JdbcTarget.empty(restored)).verified()).isTrue();
        assertThat(content(restored)).isEqualTo(content(database));
    }

    @Test
    void limitsOfTheRoleEndNoRestore() throws SQLException {
        TestDatabase database = server.newDatabase();
        database.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        TestDatabase restored = server.newDatabase();
        restored.execute(
                "ALTER DATABASE \"" + restored.name() + "\" SET statement_timeout = '7s'",
                "ALTER DATABASE \"" + restored.name() + "\" SET idle_in_transaction_session_timeout = '7s'");
        database.execute(
                "CREATE FUNCTION what_holds() RETURNS text LANGUAGE sql STABLE AS"
                        + " $$ SELECT current_setting('statement_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout') $$");
        database.execute("CREATE MATERIALIZED VIEW seen AS SELECT public.what_holds() AS what");
        assertThat(restored(database, JdbcTarget.empty(restored).trustSchema()).verified())
                .isTrue();
        assertThat(strings(restored, "SELECT what FROM seen")).containsExactly("0 0");
    }

    @Test
    void namesThatChangePlacesAreNotTakenForNoChange() throws SQLException {
        TestDatabase database = server.newDatabase();
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, b text, c text)",
                "INSERT INTO a SELECT i, 'b' || i, 'c' || i FROM generate_series(1, 100) i");
        lab.backup("db", JdbcSource.of(database));
        database.execute("ALTER TABLE a RENAME b TO d", "ALTER TABLE a RENAME c TO b", "ALTER TABLE a RENAME d TO c");
        TestDatabase restored = server.newDatabase();
        assertThat(restored(database, JdbcTarget.empty(restored)).verified()).isTrue();
        assertThat(content(restored)).isEqualTo(content(database));
        assertThat(strings(restored, "SELECT b FROM a WHERE id = 7")).containsExactly("c7");
    }
}
