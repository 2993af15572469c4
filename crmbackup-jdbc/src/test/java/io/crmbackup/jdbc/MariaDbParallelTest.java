package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several connections that see one moment of MariaDB or MySQL. */
final class MariaDbParallelTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();
    private static final boolean IS_MARIADB =
            !System.getProperty("crmbackup.test.mariadb", "").equals("mysql");
    private static final int ROWS = 512;
    private static final String SNAPSHOT = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
    private static final String NOT_WAITING = "SET lock_wait_timeout = 1";

    private final TestDatabase database = SERVER.newDatabase();
    private final WatchedDatabase watched = WatchedDatabase.of(database, sql -> {});

    /** Each of the large ones has about 20 MB. */
    @BeforeEach
    void tables() throws SQLException {
        database.execute(
                "CREATE TABLE dense (id int PRIMARY KEY, balance int NOT NULL, what longtext)",
                "CREATE TABLE small (id int PRIMARY KEY)",
                "INSERT INTO small VALUES (1)",
                "INSERT INTO dense VALUES (1, 100, REPEAT('d', 40000))");
        for (int rows = 1; rows < ROWS; rows *= 2) {
            database.execute("INSERT INTO dense SELECT id + " + rows + ", 100, what FROM dense");
        }
        database.execute("ANALYZE TABLE dense");
    }

    private static JdbcSource source(DataSource database, int connections) {
        return JdbcSource.from(database).connections(connections).build();
    }

    @Test
    void severalConnectionsGiveWhatOneGivesInTheSameOrder() throws Exception {
        database.execute(
                // Most keys lie together, some far away, negative ones among them.
                "CREATE TABLE spread (part bigint, id smallint, what longtext, PRIMARY KEY (part, id))",
                "INSERT INTO spread SELECT IF(id % 100 = 0, id * -1000000007, id DIV 3), id % 3, what FROM dense WHERE id <= 300",
                "CREATE TABLE high (id bigint unsigned PRIMARY KEY, what longtext)",
                "INSERT INTO high SELECT 18446744073709551615 - id * id, what FROM dense WHERE id <= 300",
                "CREATE TABLE named (name varchar(20) PRIMARY KEY)",
                "INSERT INTO named SELECT id FROM dense",
                "CREATE TABLE keyless (what text)",
                "INSERT INTO keyless SELECT id FROM dense",
                "CREATE TABLE emptied (id int PRIMARY KEY)",
                "ANALYZE TABLE spread, high, named, keyless");
        List<String> one = rows(database, 1);
        assertThat(one).hasSize(3 * ROWS + 2 * 300 + 1);
        for (DataSource driver : List.of(watched, SERVER.byConnectorJ(database))) {
            assertThat(rows(driver, 3)).isEqualTo(one);
        }
        assertThat(watched.statements())
                .anyMatch(sql -> sql.contains("FROM `dense` WHERE `id` >= "))
                .anyMatch(sql -> sql.contains("FROM `spread` WHERE `part` >= "))
                .anyMatch(sql -> sql.contains("FROM `high` WHERE `id` >= "))
                .noneMatch(sql -> sql.contains("FROM `named` WHERE"));
        // The three, one that guards the tables until all see the moment, and perhaps one that looks who waits.
        assertThat(watched.most()).isBetween(4, 5);
        assertNothingLeft(watched);
    }

    private List<String> rows(DataSource driver, int connections) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Capture capture = Copy.open(source(driver, connections))) {
            assertThat(capture.attributes()).containsEntry("connections", Integer.toString(connections));
            // What others do after the moment is seen by none of the connections.
            database.execute("UPDATE dense SET balance = balance + 1", "DELETE FROM small WHERE id = 1");
            for (CapturedCollection table : capture.collections()) {
                try (RecordCursor cursor = capture.read(table.name())) {
                    while (cursor.next()) {
                        rows.add(cursor.values().stream()
                                .map(value -> String.valueOf(value.text()))
                                .map(text -> text.length() > 100 ? text.length() + " characters" : text)
                                .collect(Collectors.joining("|", table.name() + " ", "")));
                    }
                }
            }
        }
        database.execute("UPDATE dense SET balance = balance - 1", "INSERT INTO small VALUES (1)");
        return rows;
    }

    private static void assertNothingLeft(WatchedDatabase database) throws InterruptedException {
        assertThat(database.open()).isZero();
        assertThat(LibraryThreads.left()).isEmpty();
    }

    @Test
    void moneyThatIsMovedIsNeverLostOrDoubled() throws Exception {
        int captures = Integer.getInteger("crmbackup.test.captures", 10);
        List<String> connections = new ArrayList<>();
        try (Transfers transfers = new Transfers(database, ROWS, "dense")) {
            for (int i = 0; i < captures; i++) {
                try (Capture capture = Copy.open(source(i % 2 == 0 ? watched : SERVER.byConnectorJ(database), 3))) {
                    connections.add(capture.attributes().get("connections"));
                    transfers.awaitNext();
                    List<Long> balances = new ArrayList<>();
                    try (RecordCursor cursor = capture.read("dense")) {
                        while (cursor.next()) {
                            balances.add(Long.parseLong(
                                    String.valueOf(cursor.values().get(1).text())));
                        }
                    }
                    assertThat(balances).hasSize(ROWS);
                    assertThat(balances.stream().mapToLong(balance -> balance).sum())
                            .as("sum of capture %d", i)
                            .isEqualTo(100L * ROWS);
                }
            }
        }
        assertThat(connections).contains("3");
        assertNothingLeft(watched);
    }

    @Test
    void aSnapshotThatIsBehindIsOpenedAgain() throws Exception {
        Assumptions.assumeTrue(IS_MARIADB);
        AtomicInteger opened = new AtomicInteger();
        WatchedDatabase busy = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith(SNAPSHOT) && opened.incrementAndGet() < 5) {
                database.execute("UPDATE dense SET balance = " + opened);
            }
        });
        try (Capture capture = Copy.open(source(busy, 3))) {
            assertThat(capture.attributes()).containsEntry("connections", "3");
            assertThat(capture.position()).matches("bin\\.\\d+:\\d+");
            assertThat(Copy.of(capture).texts("dense", "balance")).hasSize(ROWS).containsOnly("4");
        }
        assertThat(opened).hasValueGreaterThan(5);
        assertNothingLeft(busy);
    }

    @Test
    void whereOthersCommitAllTheTimeOneConnectionReads() throws Exception {
        Assumptions.assumeTrue(IS_MARIADB);
        AtomicInteger opened = new AtomicInteger();
        WatchedDatabase busy = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith(SNAPSHOT)) {
                database.execute("UPDATE small SET id = " + opened.incrementAndGet());
            }
        });
        try (Capture capture = Copy.open(source(busy, 2))) {
            assertThat(capture.attributes().get("connections")).startsWith("1: others commit too often");
            assertThat(Copy.of(capture).texts("small", "id")).containsExactly(opened.toString());
        }
        assertNothingLeft(busy);
    }

    @Test
    void oneConnectionHasThePositionToo() throws Exception {
        Assumptions.assumeTrue(IS_MARIADB);
        try (Capture one = Copy.open(JdbcSource.of(database));
                Capture two = Copy.open(source(database, 2))) {
            assertThat(one.position()).matches("bin\\.\\d+:\\d+").isEqualTo(two.position());
            database.execute("DELETE FROM small");
            try (Capture later = Copy.open(JdbcSource.of(database))) {
                assertThat(later.position()).matches("bin\\.\\d+:\\d+").isNotEqualTo(one.position());
            }
        }
    }

    @Test
    void noTableCanBeEmptiedOnceSnapshotsAreOpened() throws Exception {
        AtomicBoolean tried = new AtomicBoolean();
        WatchedDatabase watching = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith("SET SESSION lock_wait_timeout = 1") && !tried.getAndSet(true)) {
                assertThatThrownBy(() -> database.execute(NOT_WAITING, "TRUNCATE small"))
                        .hasMessageContaining("Lock wait timeout");
            }
        });
        try (Capture capture = Copy.open(source(watching, 2))) {
            assertThatThrownBy(() -> database.execute(NOT_WAITING, "TRUNCATE small"))
                    .hasMessageContaining("Lock wait timeout");
            assertThat(Copy.of(capture).texts("small", "id")).containsExactly("1");
        }
        assertThat(tried).isTrue();
        database.execute(NOT_WAITING, "TRUNCATE small");
    }

    @Test
    void aTableThatIsMadeMeanwhileMakesItBeginAgain() throws Exception {
        AtomicBoolean made = new AtomicBoolean();
        WatchedDatabase watching = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith("SET SESSION lock_wait_timeout = 1") && !made.getAndSet(true)) {
                database.execute("CREATE TABLE late (id int)", "INSERT INTO late VALUES (7)");
            }
        });
        try (Capture capture = Copy.open(source(watching, 2))) {
            assertThat(capture.attributes()).containsEntry("connections", "2");
            assertThat(Copy.of(capture).texts("late", "id")).containsExactly("7");
        }
        assertNothingLeft(watching);
    }

    @Test
    void whereTheLogTellsNothingWritersAreHeldUpForAMoment() throws Exception {
        AtomicBoolean held = new AtomicBoolean();
        WatchedDatabase reloading = WatchedDatabase.of(user("RELOAD"), sql -> {
            if (sql.equals("UNLOCK TABLES") && !held.getAndSet(true)) {
                assertThatThrownBy(() -> database.execute(NOT_WAITING, "UPDATE small SET id = 2"))
                        .hasMessageContaining("Lock wait timeout");
            }
        });
        try (Capture capture = Copy.open(source(reloading, 3))) {
            assertThat(capture.attributes()).containsEntry("connections", "3");
            assertThat(capture.attributes().get("blocking")).contains("all writers of the server while");
            assertThat(capture.position()).isEmpty();
            database.execute(NOT_WAITING, "UPDATE small SET id = 3");
            Copy copy = Copy.of(capture);
            assertThat(copy.texts("small", "id")).containsExactly("1");
            assertThat(copy.texts("dense", "balance")).hasSize(ROWS);
        }
        assertThat(held).isTrue();
        assertNothingLeft(reloading);
    }

    @Test
    void theRightToSeeTheLogIsEnoughToHoldUpNobody() throws Exception {
        Assumptions.assumeTrue(IS_MARIADB);
        WatchedDatabase seeing = WatchedDatabase.of(user("BINLOG MONITOR"), sql -> {});
        try (Capture capture = Copy.open(source(seeing, 3))) {
            assertThat(capture.attributes()).containsEntry("connections", "3");
            assertThat(capture.attributes().get("blocking")).doesNotContain("all writers");
            assertThat(capture.position()).matches("bin\\.\\d+:\\d+");
        }
        assertThat(seeing.statements()).noneMatch(sql -> sql.contains("READ LOCK"));
        assertNothingLeft(seeing);
    }

    @Test
    void withoutTheRightsOneConnectionReadsAndSaysWhy() throws Exception {
        WatchedDatabase poor = WatchedDatabase.of(user(""), sql -> {});
        try (Capture capture = Copy.open(source(poor, 3))) {
            assertThat(capture.attributes().get("connections"))
                    .startsWith("1: ")
                    .contains("RELOAD");
            assertThat(Copy.of(capture).texts("small", "id")).containsExactly("1");
            assertThat(poor.open()).isBetween(1, 2);
        }
        assertNothingLeft(poor);
    }

    private DataSource user(String right) throws SQLException {
        String user = "u_" + database.name()
                + right.toLowerCase(java.util.Locale.ROOT).replace(' ', '_');
        database.execute("CREATE USER " + user, "GRANT SELECT ON " + database.name() + ".* TO " + user);
        if (!right.isEmpty()) {
            database.execute("GRANT " + right + " ON *.* TO " + user);
        }
        return new DriverDataSource(database.url(), user);
    }

    @Test
    void theLockIsGivenUpIfOthersAreInItsWay() throws Exception {
        WatchedDatabase reloading = WatchedDatabase.of(user("RELOAD"), sql -> {});
        AtomicReference<String> busy = new AtomicReference<>();
        CompletableFuture<Void> update = CompletableFuture.runAsync(() -> {
            try (Connection connection = database.getConnection()) {
                busy.set(Dialect.strings(connection, "SELECT CONNECTION_ID()").get(0));
                Dialect.execute(connection, "UPDATE small SET id = id + SLEEP(1000)");
            } catch (SQLException e) {
                // It is killed below.
                assertThat(e.getMessage()).contains("interrupted");
            }
        });
        while (database.number("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'UPDATE small%'")
                == 0) {
            Thread.onSpinWait();
        }
        JdbcSource source = JdbcSource.from(reloading)
                .connections(2)
                .lockTimeout(Duration.ofMillis(200))
                .build();
        try (Capture capture = Copy.open(source)) {
            assertThat(capture.attributes().get("connections"))
                    .startsWith("1: ")
                    .contains("had to wait for others longer than 200 ms");
            database.execute(NOT_WAITING, "CREATE TABLE free (id int)", "INSERT INTO free VALUES (1)");
            assertThat(Copy.of(capture).texts("small", "id")).containsExactly("1");
        }
        database.execute("KILL QUERY " + busy.get());
        update.get(30, TimeUnit.SECONDS);
        assertNothingLeft(reloading);
    }

    @Test
    void whoWaitsAlreadyIsNotQueuedBehind() throws Exception {
        AtomicReference<CompletableFuture<Void>> altered = new AtomicReference<>();
        WatchedDatabase waited = WatchedDatabase.of(database, sql -> {
            if (sql.startsWith("SET SESSION lock_wait_timeout = 1") && altered.get() == null) {
                altered.set(altering());
            }
        });
        try (Capture capture = Copy.open(source(waited, 2))) {
            assertThat(capture.attributes()).containsEntry("connections", "1: somebody waits to redefine a table");
            assertThat(Copy.of(capture).texts("small", "id")).containsExactly("1");
        }
        altered.get().get(30, TimeUnit.SECONDS);
        assertNothingLeft(waited);
    }

    /** Begins to redefine a table, and returns when that waits for somebody. */
    private CompletableFuture<Void> altering() throws SQLException {
        CompletableFuture<Void> altering = CompletableFuture.runAsync(() -> {
            try {
                database.execute("ALTER TABLE small ADD COLUMN more int");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        while (database.number("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE()"
                        + " AND STATE = 'Waiting for table metadata lock'")
                == 0) {
            Thread.onSpinWait();
        }
        return altering;
    }

    @Test
    void severalConnectionsGiveWayToWhoWaits() throws Exception {
        JdbcSource source = JdbcSource.from(watched)
                .connections(2)
                .yieldToDdl(Duration.ofMillis(100))
                .build();
        try (Capture capture = Copy.open(source)) {
            CompletableFuture<Void> altered = altering();
            assertThatThrownBy(() -> {
                        while (true) {
                            try (RecordCursor cursor = capture.read("dense")) {
                                while (cursor.next()) {
                                    cursor.values();
                                }
                            }
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(SQLTransientException.class)
                    .hasMessageContaining("gave way");
            // A connection between two statements is ended as a whole.
            altered.get(30, TimeUnit.SECONDS);
        }
        assertNothingLeft(watched);
    }

    @Test
    void aTableThatIsLeftEarlyLeavesNoThreadAndNoDisturbance() throws Exception {
        try (Capture capture = Copy.open(source(watched, 3))) {
            for (int i = 0; i < 2; i++) {
                try (RecordCursor cursor = capture.read("dense")) {
                    assertThat(cursor.next()).isTrue();
                }
                assertThat(LibraryThreads.left("crmbackup-read-ahead")).isEmpty();
                assertThat(Copy.of(capture).texts("dense", "id")).hasSize(ROWS);
            }
        }
        assertNothingLeft(watched);
    }

    @Test
    void anInterruptEndsTheReading() throws Exception {
        try (Capture capture = Copy.open(source(watched, 2));
                RecordCursor cursor = capture.read("dense")) {
            assertThat(cursor.next()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(cursor::next).isInstanceOf(InterruptedIOException.class);
            // Given back by drivers that do as if nothing was.
            assertThat(Thread.interrupted()).isTrue();
        }
        assertNothingLeft(watched);
    }

    @Test
    void aConnectionThatIsKilledFailsTheReading() throws Exception {
        assertThatThrownBy(() -> {
                    try (Capture capture = Copy.open(source(watched, 2));
                            RecordCursor cursor = capture.read("dense")) {
                        assertThat(cursor.next()).isTrue();
                        for (String id : ids()) {
                            database.execute("KILL " + id);
                        }
                        while (cursor.next()) {
                            cursor.values();
                        }
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("reading table dense failed");
        assertNothingLeft(watched);
    }

    private List<String> ids() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return Dialect.strings(
                    connection,
                    "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()");
        }
    }

    @Test
    void whereNoMoreConnectionsAreToBeHadOneReads() throws Exception {
        AtomicInteger taken = new AtomicInteger();
        WatchedDatabase scarce = WatchedDatabase.of(database, sql -> {}, () -> {
            if (taken.getAndIncrement() > 1) {
                throw new SQLException("the pool is exhausted");
            }
        });
        try (Capture capture = Copy.open(source(scarce, 3))) {
            assertThat(capture.attributes().get("connections"))
                    .isEqualTo("1: no more connections are to be had: the pool is exhausted");
            assertThat(Copy.of(capture).texts("small", "id")).containsExactly("1");
        }
        assertNothingLeft(scarce);
    }
}
