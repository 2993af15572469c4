package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureTest {
    @Test
    void transfersDuringCapturesOfH2KeepTheSum() throws Exception {
        transfersKeepTheSum(h2());
    }

    @Test
    void transfersDuringCapturesOfSqliteKeepTheSum(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, "PRAGMA journal_mode = WAL");
        transfersKeepTheSum(source);
    }

    /** Money moves between two tables; each capture must see all of it. */
    private static void transfersKeepTheSum(DataSource source) throws Exception {
        execute(source, "CREATE TABLE A(ID INT PRIMARY KEY, N INT)", "CREATE TABLE B(ID INT PRIMARY KEY, N INT)");
        for (int i = 0; i < 20; i++) {
            execute(source, "INSERT INTO A VALUES(" + i + ", 100)", "INSERT INTO B VALUES(" + i + ", 100)");
        }
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch first = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> transfers = threads.submit(() -> transfer(source, done, first));
            assertThat(first.await(1, TimeUnit.MINUTES)).isTrue();
            for (int i = 0; i < 15; i++) {
                Copy copy = Copy.of(JdbcSource.of(source));
                long sum = Stream.of("A", "B")
                        .flatMap(table -> copy.texts(table, "N").stream())
                        .mapToLong(text -> Long.parseLong(text.replace("i", "")))
                        .sum();
                assertThat(sum).as("capture " + i).isEqualTo(4000);
            }
            done.set(true);
            assertThat(transfers.get()).isPositive();
        } finally {
            done.set(true);
            threads.shutdown();
        }
    }

    private static int transfer(DataSource source, AtomicBoolean done, CountDownLatch first) throws SQLException {
        Random random = new Random(1);
        int count = 0;
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!done.get()) {
                int amount = random.nextInt(50);
                statement.execute("UPDATE A SET N = N - " + amount + " WHERE ID = " + random.nextInt(20));
                statement.execute("UPDATE B SET N = N + " + amount + " WHERE ID = " + random.nextInt(20));
                connection.commit();
                count++;
                first.countDown();
            }
        }
        return count;
    }

    @Test
    void whatIsTruncatedAfterTheMomentIsStillRead() throws Exception {
        DataSource source = h2();
        execute(source, "CREATE TABLE T(ID INT PRIMARY KEY)", "INSERT INTO T VALUES(1), (2)", "CREATE TABLE U(ID INT)");
        try (Capture capture = Copy.open(JdbcSource.of(source))) {
            execute(source, "TRUNCATE TABLE T", "INSERT INTO U VALUES(1)");
            Copy copy = Copy.of(capture);
            assertThat(copy.texts("T", "ID")).containsExactly("1", "2");
            assertThat(copy.texts("U", "ID")).isEmpty();
        }
    }

    @Test
    void tableThatIsRedefinedAfterTheMomentFailsByName() throws Exception {
        for (String change : List.of(
                "ALTER TABLE CHANGED ADD COLUMN X INT",
                "ALTER TABLE CHANGED DROP COLUMN V",
                "DROP TABLE CHANGED",
                "ALTER TABLE CHANGED RENAME TO X",
                "ALTER TABLE CHANGED ALTER COLUMN V VARCHAR")) {
            DataSource source = h2();
            execute(source, "CREATE TABLE CHANGED(ID INT PRIMARY KEY, V INT)", "INSERT INTO CHANGED VALUES(1, 1)");
            try (Capture capture = Copy.open(JdbcSource.of(source))) {
                execute(source, change);
                assertThatThrownBy(() -> Copy.of(capture))
                        .as(change)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("table CHANGED");
            }
        }
    }

    @Test
    void tableThatIsMadeAnewAfterTheMomentFailsByName() throws Exception {
        DataSource source = h2();
        String[] make = {"CREATE TABLE T(ID INT PRIMARY KEY, V INT)", "INSERT INTO T VALUES(1, 1)"};
        execute(source, make);
        try (Capture capture = Copy.open(JdbcSource.of(source))) {
            execute(source, "DROP TABLE T");
            execute(source, make);
            execute(source, "INSERT INTO T VALUES(2, 2)");
            assertThatThrownBy(() -> Copy.of(capture))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("table T");
        }
    }

    @Test
    void sqliteSchemaAndRowsAreThoseOfTheMoment(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, "PRAGMA journal_mode = WAL", "CREATE TABLE t(a)", "INSERT INTO t VALUES(1)");
        try (Capture capture = Copy.open(JdbcSource.of(source))) {
            execute(source, "ALTER TABLE t ADD COLUMN b", "UPDATE t SET a = 2", "DROP TABLE t");
            assertThat(Copy.of(capture).texts("t", "a")).containsExactly("i1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"IMMEDIATE", "EXCLUSIVE"})
    void sqliteIsCapturedBesideWritersHoweverTransactionsOfTheDataSourceBegin(String mode, @TempDir Path directory)
            throws Exception {
        String url = "jdbc:sqlite:" + directory.resolve("a") + "?transaction_mode=" + mode + "&busy_timeout=1";
        DataSource source = new DriverDataSource(url, "");
        execute(source, "PRAGMA journal_mode = WAL", "CREATE TABLE T(A INTEGER PRIMARY KEY)");
        try (Connection writer = source.getConnection();
                Connection only = source.getConnection()) {
            writer.setAutoCommit(false);
            Dialect.execute(writer, "INSERT INTO T VALUES(1)");
            try (Capture capture = Copy.open(JdbcSource.of(LentConnection.of(only)))) {
                Dialect.execute(writer, "INSERT INTO T VALUES(2)");
                writer.commit();
                assertThat(Copy.of(capture).texts("T", "A")).isEmpty();
            }
            writer.rollback();
            writer.setAutoCommit(true);
            Dialect.execute(only, "INSERT INTO T VALUES(3)");
            only.setAutoCommit(false);
            Dialect.execute(only, "INSERT INTO T VALUES(4)");
            only.commit();
        }
        assertThat(Copy.of(JdbcSource.of(source)).texts("T", "A")).containsExactly("1", "2", "3", "4");
        DataSource target = new DriverDataSource(url.replace("/a?", "/b?"), "");
        Copy copy = Copy.of(JdbcSource.of(source));
        copy.restore(JdbcTarget.empty(target));
        assertThat(Copy.of(JdbcSource.of(target)).parts()).isEqualTo(copy.parts());
    }

    @Test
    void sqliteWithoutWriteAheadLogBlocksWritersAndSaysSo(@TempDir Path directory) throws Exception {
        DataSource source = sqlite(directory.resolve("a"));
        execute(source, "CREATE TABLE t(a)");
        try (Capture capture = Copy.open(JdbcSource.of(source))) {
            assertThat(capture.attributes().get("blocking")).contains("writers wait");
            assertThatThrownBy(() -> execute(source, "PRAGMA busy_timeout = 0", "INSERT INTO t VALUES(1)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("BUSY");
        }
        execute(source, "INSERT INTO t VALUES(1)");
    }

    @Test
    void largeTableIsReadFromTheFileRowByRow(@TempDir Path directory) throws Exception {
        DataSource source = Databases.h2File(directory.resolve("a"));
        execute(
                source,
                "CREATE TABLE T(ID INT PRIMARY KEY, V VARCHAR)",
                "INSERT INTO T SELECT X, 'some text of a row, so that there are many pages ' || X FROM SYSTEM_RANGE(1, 50000)",
                "SET CACHE_SIZE 256"); // kilobytes: far less than the table has
        try (Connection counts = source.getConnection();
                Capture capture = Copy.open(JdbcSource.of(source))) {
            long before = fileReads(counts);
            RecordCursor cursor = capture.read("T");
            assertThat(cursor.next()).isTrue();
            long first = fileReads(counts) - before;
            long rows = 1;
            while (cursor.next()) {
                rows++;
            }
            assertThat(rows).isEqualTo(50_000);
            assertThat(first * 10).as("reads for one row, times ten").isLessThan(fileReads(counts) - before);
        }
    }

    private static long fileReads(Connection connection) throws SQLException {
        return Long.parseLong(Dialect.strings(
                        connection,
                        "SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'info.FILE_READ'")
                .get(0));
    }

    @Test
    void filterChoosesTablesAndNamesTheOthers() throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE SCHEMA CRM",
                "CREATE TABLE CRM.CONTACT(A INT)",
                "CREATE TABLE CRM.TMP_1(A INT)",
                "CREATE TABLE CRM.TMPX(A INT)",
                "CREATE TABLE OTHER(A INT)");
        Copy copy = Copy.of(
                JdbcSource.from(source).schema("crm").exclude("crm.tmp_*").build());
        assertThat(copy.parts()).containsOnlyKeys("CRM.CONTACT", "CRM.TMPX");
        assertThat(copy.attributes().get("leftOut"))
                .contains("table CRM.TMP_1 (excluded)", "table OTHER (excluded)", "users");
        assertThat(Copy.of(JdbcSource.from(source).include("other").build()).parts())
                .containsOnlyKeys("OTHER");
        assertThat(Copy.of(JdbcSource.from(source).include("public.*").build()).parts())
                .containsOnlyKeys("OTHER");
        assertThatThrownBy(
                        () -> Copy.of(JdbcSource.from(source).include("contcat").build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("contcat");
        assertThatThrownBy(() -> Copy.of(JdbcSource.from(source).schema("cmr").build()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cmr");
        assertThatThrownBy(() -> JdbcSource.from(source).connections(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0");
    }

    @Test
    void whatIsNotCapturedIsNamedAndSecretsAreNot() throws Exception {
        DataSource source = h2();
        execute(
                source,
                "CREATE TABLE T(A INT)",
                "CREATE VIEW V AS SELECT A FROM T",
                "CREATE GLOBAL TEMPORARY TABLE TEMP1(A INT)",
                "CREATE USER BOB PASSWORD 'hidden'",
                "CREATE LINKED TABLE LINKED1('org.h2.Driver', '" + "jdbc:h2:mem:linked-" + System.nanoTime()
                        + ";INIT=CREATE TABLE IF NOT EXISTS T(A INT)', '', 'hidden', 'T')");
        Copy copy = Copy.of(JdbcSource.of(source));
        assertThat(copy.parts()).containsOnlyKeys("T");
        assertThat(copy.attributes().get("leftOut")).contains("TEMP1", "LINKED1", "users, roles and their rights");
        assertThat(copy.attributes().toString())
                .contains("CREATE FORCE VIEW")
                .doesNotContain("hidden")
                .doesNotContain("BOB");
    }

    @Test
    void typeThatWouldLoseIsRefusedByName() throws Exception {
        DataSource source = h2();
        execute(source, "CREATE TABLE T(ID INT PRIMARY KEY, R ROW(A INT, B VARCHAR))");
        assertThatThrownBy(() -> Copy.open(JdbcSource.of(source)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("T.R")
                .hasMessageContaining("ROW");
    }

    @Test
    void userWithoutRightsFailsBeforeAnythingIsRead() throws Exception {
        DataSource admin = h2();
        execute(admin, "CREATE TABLE T(A INT)", "CREATE USER BOB PASSWORD ''");
        DataSource bob =
                new DriverDataSource(((DriverDataSource) admin).url().replace(";DB_CLOSE_DELAY=-1", ""), "BOB");
        assertThatThrownBy(() -> Copy.open(JdbcSource.of(bob)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("connect as a user with ADMIN rights");
    }

    @Test
    void databaseWithoutTablesIsNoBackup(@TempDir Path directory) throws Exception {
        for (DataSource empty : List.of(h2(), sqlite(directory.resolve("misspelt")))) {
            assertThatThrownBy(() -> Copy.open(JdbcSource.of(empty)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the database has no tables; is it the right one?");
            execute(empty, "CREATE TABLE TMP_A(A INT)");
            assertThatThrownBy(() ->
                            Copy.open(JdbcSource.from(empty).exclude("tmp_*").build()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no table of the database would be captured without tmp_*");
        }
    }

    @Test
    void tableThatIsTooWideForSqliteIsRefusedByName(@TempDir Path directory) throws Exception {
        DataSource file = sqlite(directory.resolve("a"));
        String most = IntStream.range(0, 666).mapToObj(i -> "c" + i).collect(Collectors.joining(", "));
        execute(file, "CREATE TABLE wide(" + most + ")", "INSERT INTO wide(c665) VALUES(7)");
        assertThat(Copy.of(JdbcSource.of(file)).parts()).containsKey("wide");
        execute(file, "CREATE TABLE wider(" + most + ", more)");
        assertThatThrownBy(() -> Copy.open(JdbcSource.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessage("table wider has 667 columns, and can be captured with at most 666; exclude the table");
    }

    @Test
    void halfOfASurrogatePairFailsByName() throws Exception {
        DataSource source = h2();
        execute(source, "CREATE TABLE T(ID INT PRIMARY KEY, V VARCHAR)", "INSERT INTO T VALUES(1, CHAR(55357))");
        assertThatThrownBy(() -> Copy.of(JdbcSource.of(source)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("T.V")
                .hasMessageContaining("surrogate");
    }

    @Test
    void interruptedReadStopsAndStaysInterrupted() throws Exception {
        DataSource source = h2();
        execute(source, "CREATE TABLE T(A INT)", "INSERT INTO T VALUES(1), (2)");
        try (Capture capture = Copy.open(JdbcSource.of(source));
                RecordCursor cursor = capture.read("T")) {
            assertThat(cursor.next()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(cursor::next).isInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void namesOfTablesComeBackFromNamesOfCollections() {
        Random random = new Random(7);
        List<String> parts = List.of("a", ".", "\\", "\"", " ", "é", "\uD83D\uDE00", "A");
        for (int i = 0; i < 2000; i++) {
            List<String> names = new ArrayList<>();
            for (int n = 0; n < 2; n++) {
                StringBuilder name = new StringBuilder();
                for (int length = 1 + random.nextInt(4); length > 0; length--) {
                    name.append(parts.get(random.nextInt(parts.size())));
                }
                names.add(name.toString());
            }
            TableName table = new TableName(names.get(0), names.get(1));
            assertThat(TableName.of(table.collection("a"), "a"))
                    .as("seed 7, round " + i)
                    .isEqualTo(table);
        }
    }
}
