package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A capture in a database whose users mean harm, are busy, or have made things that are rare. */
final class PostgresGuestTest {
    private final PostgresServer server = PostgresServer.shared();

    private final TestDatabase database = server.newDatabase();

    @Test
    void operatorsOfUsersAreNeverExecuted() throws Exception {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE FUNCTION evil(name, text) RETURNS boolean LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'executed for %', current_user; END $$",
                "CREATE FUNCTION evil(name, name) RETURNS boolean LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'executed for %', current_user; END $$",
                "CREATE FUNCTION evil(int, interval) RETURNS interval LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'executed for %', current_user; END $$",
                "CREATE OPERATOR !~ (LEFTARG = name, RIGHTARG = name, FUNCTION = evil)",
                "CREATE OPERATOR !~ (LEFTARG = name, RIGHTARG = text, FUNCTION = evil)",
                "CREATE OPERATOR * (LEFTARG = int, RIGHTARG = interval, FUNCTION = evil)",
                "CREATE OPERATOR <> (LEFTARG = name, RIGHTARG = text, FUNCTION = evil)");
        JdbcSource source = JdbcSource.from(database)
                .connections(2)
                .yieldToDdl(Duration.ofMillis(20))
                .build();
        try (Capture capture = Copy.open(source);
                Connection other = database.getConnection();
                Statement statement = other.createStatement()) {
            assertThat(Copy.of(capture).parts()).containsOnlyKeys("a");
            statement.execute("SET lock_timeout = '10s'");
            // Given way to: the watch has looked, and nothing kept it from that.
            statement.execute("TRUNCATE a");
        }
    }

    @Test
    void checksOfUsersAreNotComputedWhateverTheDatabaseIsSetTo() throws Exception {
        database.execute(
                "CREATE FUNCTION evil(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$",
                "CREATE TABLE a (id int PRIMARY KEY, what text, CHECK (evil(1) + id > 0))",
                "ALTER TABLE a ALTER what SET STORAGE EXTERNAL",
                // So long that the server is asked for large rows first, by a condition.
                "INSERT INTO a SELECT i, repeat('x', 10000) FROM generate_series(1, 10) i",
                "CREATE OR REPLACE FUNCTION evil(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'executed for %', current_user; END $$",
                "ALTER DATABASE \"" + database.name() + "\" SET constraint_exclusion = on");
        assertThat(Copy.of(JdbcSource.of(database)).texts("a", "id")).hasSize(10);
    }

    @Test
    void checksOfDomainsAreNotAskedOfKeysThatAreThere() throws Exception {
        database.execute(
                "CREATE FUNCTION evil(int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN true; END $$",
                "CREATE DOMAIN number AS int CHECK (evil(VALUE))",
                "CREATE TABLE a (id number PRIMARY KEY, what text)",
                "ALTER TABLE a ALTER what SET STORAGE EXTERNAL",
                "INSERT INTO a VALUES (1, 'small'), (2, repeat('x', 5000000)), (3, 'small')",
                "CREATE OR REPLACE FUNCTION evil(int) RETURNS boolean LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'executed for %', current_user; END $$");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.texts("a", "id")).containsExactly("1", "2", "3");
        assertThat(copy.parts().get("a").order()).isEqualTo(Order.BY_KEY);
    }

    @Test
    void tablesOfOthersThatComeAndGoDisturbNobody() throws Exception {
        database.execute("CREATE TABLE a (id int PRIMARY KEY, note text)");
        try (Connection busy = database.getConnection();
                Statement statement = busy.createStatement()) {
            statement.execute("CREATE TEMP TABLE passing (id int PRIMARY KEY CHECK (id > 0), what int)");
            statement.execute("CREATE TABLE excluded (id int PRIMARY KEY CHECK (id > 0), what int)");
            AtomicBoolean gone = new AtomicBoolean();
            WatchedDatabase watched = WatchedDatabase.of(database, sql -> {
                if (sql.contains("pg_get_constraintdef") && sql.contains("conrelid") && !gone.getAndSet(true)) {
                    statement.execute("DROP TABLE passing, excluded");
                }
            });
            Copy copy = Copy.of(JdbcSource.from(watched).exclude("excluded").build());
            assertThat(copy.parts()).containsOnlyKeys("a");
            assertThat(gone).isTrue();
        }
    }

    @Test
    @Timeout(60)
    void aPoolOfOneConnectionThatWaitsForeverIsNoHindrance() throws Exception {
        database.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        Semaphore pool = new Semaphore(1);
        Semaphore waiting = new Semaphore(0);
        WatchedDatabase.Taking taking = () -> {
            if (!pool.tryAcquire()) {
                waiting.release();
                pool.acquireUninterruptibly();
            }
        };
        WatchedDatabase watched =
                WatchedDatabase.of(database, sql -> {}, taking).releasing(pool::release);
        try (Capture capture = Copy.open(
                JdbcSource.from(watched).yieldToDdl(Duration.ofMillis(20)).build())) {
            assertThat(waiting.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Copy.of(capture).texts("a", "id")).containsExactly("1");
        }
        assertThat(watched.open()).isZero();
    }

    @Test
    void tablesOfAnyShapeAndNameAreCaptured() throws Exception {
        StringBuilder wide = new StringBuilder("c0 int PRIMARY KEY");
        for (int i = 1; i < 1600; i++) {
            wide.append(", c").append(i).append(i % 2 == 0 ? " bool" : " text");
        }
        String odd = "\"a\"\"b\nc\td'😀\\" + "x".repeat(50) + "\"";
        database.execute(
                "CREATE TABLE wide (" + wide + ")",
                "INSERT INTO wide (c0, c1, c1598, c1599) VALUES (1, 'first', true, 'last'), (2, NULL, NULL, NULL)",
                "CREATE TABLE nothing ()",
                "INSERT INTO nothing DEFAULT VALUES",
                "INSERT INTO nothing DEFAULT VALUES",
                "CREATE TABLE no_rows (id int PRIMARY KEY, what text)",
                "CREATE SCHEMA " + odd,
                "CREATE TABLE " + odd + "." + odd + " (" + odd + " int PRIMARY KEY, what text)",
                "INSERT INTO " + odd + "." + odd + " VALUES (1, 'odd')",
                "CREATE SCHEMA a",
                "CREATE TABLE a.b (id int PRIMARY KEY)",
                "CREATE TABLE a.\"a.b\" (id int PRIMARY KEY)",
                "CREATE TABLE \"a.b\" (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY)",
                "INSERT INTO a.b VALUES (1)",
                "INSERT INTO \"a.b\" VALUES (2)",
                "INSERT INTO b VALUES (3)",
                "INSERT INTO a.\"a.b\" VALUES (4)");
        for (JdbcSource source :
                new JdbcSource[] {JdbcSource.of(database), JdbcSource.of(WatchedDatabase.hidingItsDriver(database))}) {
            Copy copy = Copy.of(source);
            Map<String, Copy.Part> parts = copy.parts();
            assertThat(parts.get("wide").rows()).hasSize(2);
            assertThat(parts.get("wide").rows().get(0).get(1599).text()).isEqualTo("last");
            assertThat(parts.get("nothing").rows()).hasSize(2);
            assertThat(parts.get("no_rows").rows()).isEmpty();
            assertThat(copy.texts("a.b", "id")).containsExactly("1");
            assertThat(copy.texts("a\\.b", "id")).containsExactly("2");
            assertThat(copy.texts("b", "id")).containsExactly("3");
            assertThat(copy.texts("a.a\\.b", "id")).containsExactly("4");
            assertThat(parts).hasSize(8);
        }
    }

    @Test
    void limitsOfTheRoleEndNoCaptureAndNothingCanBeWrittenByIt() throws Exception {
        database.execute("CREATE TABLE a (id int PRIMARY KEY)", "INSERT INTO a VALUES (1)");
        for (String limit : List.of("statement_timeout", "idle_in_transaction_session_timeout")) {
            database.execute("ALTER DATABASE \"" + database.name() + "\" SET " + limit + " = '7s'");
        }
        Set<String> seen = new TreeSet<>();
        try (Connection connection = database.getConnection()) {
            WatchedDatabase watched = WatchedDatabase.of(LentConnection.of(connection), sql -> {
                if (sql.contains("pg_export_snapshot") || sql.contains("pg_get_constraintdef")) {
                    seen.addAll(
                            Dialect.strings(
                                    connection,
                                    "SELECT concat_ws(' ', current_setting('statement_timeout'),"
                                            + " current_setting('idle_in_transaction_session_timeout'),"
                                            + " current_setting('transaction_isolation'), current_setting('transaction_read_only'))"));
                }
            });
            assertThat(Copy.of(JdbcSource.of(watched)).parts()).containsOnlyKeys("a");
        }
        assertThat(seen).containsExactly("0 0 repeatable read on");
    }

    @Test
    void tooManyTablesForTheServersLocksAreSaidToBeSo() throws Exception {
        try (PostgresServer small =
                PostgresServer.start(Map.of("max_locks_per_transaction", "10", "max_connections", "10"))) {
            TestDatabase many = small.newDatabase();
            for (int i = 0; i < 40; i++) {
                StringBuilder sql = new StringBuilder();
                for (int j = 0; j < 50; j++) {
                    sql.append("CREATE TABLE t").append(i * 50 + j).append(" (id int);");
                }
                many.execute(sql.toString());
            }
            assertThatThrownBy(() -> Copy.of(JdbcSource.of(many)))
                    .hasMessageContaining("max_locks_per_transaction")
                    .hasMessageContaining("2000 tables");
        }
    }

    @Test
    void whatIsNotCapturedIsNamed() throws Exception {
        database.execute(
                "CREATE TABLE a (id int PRIMARY KEY, b int)",
                "CREATE TYPE own",
                "CREATE FUNCTION own_in(cstring) RETURNS own LANGUAGE internal IMMUTABLE STRICT AS 'int4in'",
                "CREATE FUNCTION own_out(own) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out'",
                "CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, LIKE = int4)",
                "CREATE CAST (own AS int) WITHOUT FUNCTION",
                "INSERT INTO a VALUES (1, 2)",
                "CREATE PUBLICATION news FOR TABLE a");
        Copy copy = Copy.of(JdbcSource.of(database));
        assertThat(copy.attributes().get("leftOut").lines()).contains("type public.own", "publication news");
        assertThat(copy.restore(JdbcTarget.empty(server.newDatabase()).trustSchema())
                        .notes())
                .anyMatch(note -> note.startsWith("not restored, as type public.own is not there: CREATE CAST"));
    }
}
