package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.derby;
import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Databases.h2;
import static io.crmbackup.jdbc.Databases.hsqldb;
import static io.crmbackup.jdbc.Databases.query;
import static io.crmbackup.jdbc.Databases.sqlite;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.jdbc.internal.sqlite.SqliteDialect;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RestoredCollection.Extent;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PlainDataSource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pool gets back: a pool that sets nothing back by itself hands the same connection to the application next. */
class BorrowedConnectionTest {
    @TempDir
    Path directory;

    @Test
    void connectionOfH2IsGivenBackAsItWas() throws Exception {
        for (boolean automatic : new boolean[] {true, false}) {
            DataSource database = h2();
            execute(database, "CREATE TABLE T(A INT PRIMARY KEY)", "INSERT INTO T VALUES(1)");
            try (Connection only = database.getConnection()) {
                only.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                only.setAutoCommit(automatic);
                useInEveryWay(only, h2());
                assertThat(only.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(only.getAutoCommit()).isEqualTo(automatic);
            }
        }
    }

    @Test
    void connectionOfSqliteIsGivenBackAsItWas() throws Exception {
        for (String setting : new String[] {"ON", "OFF"}) {
            DataSource database = sqlite(directory.resolve(setting));
            execute(database, "CREATE TABLE T(A INTEGER PRIMARY KEY)", "INSERT INTO T VALUES(1)");
            try (Connection only = database.getConnection()) {
                Dialect.execute(only, "PRAGMA foreign_keys = " + setting);
                List<String> before = new SqliteDialect().session(only);
                useInEveryWay(only, sqlite(directory.resolve(setting + "-empty")));
                assertThat(new SqliteDialect().session(only)).isEqualTo(before);
                assertThat(before).contains("PRAGMA foreign_keys = " + (setting.equals("ON") ? 1 : 0));
                assertThat(only.getAutoCommit()).isTrue();
                Dialect.execute(only, "INSERT INTO T VALUES(2)");
            }
        }
    }

    @Test
    void connectionIsGivenBackAlsoAfterFailures() throws Exception {
        DataSource database = h2();
        execute(database, "CREATE TABLE T(A INT, B ROW(C INT))");
        try (Connection only = database.getConnection()) {
            int isolation = only.getTransactionIsolation();
            Pool pool = new Pool(only);
            assertThatThrownBy(() -> Copy.open(JdbcSource.of(pool.dataSource())))
                    .isInstanceOf(IOException.class);
            assertThat(pool.given).isEqualTo(1);
            assertThat(pool.back).isEqualTo(1);
            assertThat(only.getTransactionIsolation()).isEqualTo(isolation);
            assertThat(only.getAutoCommit()).isTrue();
        }
    }

    private enum Product {
        H2,
        SQLITE,
        HSQLDB,
        DERBY,
        POSTGRESQL,
        MARIADB,
        MARIADB_BY_CONNECTOR_J;

        DataSource database(Path directory) {
            return switch (this) {
                case H2 -> h2();
                case SQLITE -> sqlite(directory.resolve(UUID.randomUUID().toString()));
                case HSQLDB -> hsqldb("mvcc");
                case DERBY -> derby();
                case POSTGRESQL -> TestedServer.postgres().newDatabase();
                case MARIADB -> TestedServer.mariaDb().newDatabase();
                case MARIADB_BY_CONNECTOR_J -> {
                    MariaDbServer server = TestedServer.mariaDb();
                    yield server.byConnectorJ(server.newDatabase());
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Product.class)
    void whatSomebodyLeftHalfDoneIsUndone(Product product) throws Exception {
        whatIsLeftHalfDoneIsUndone(product, only -> only.setAutoCommit(false));
    }

    /** Derby has no such statement, and HSQLDB commits what was begun so with each statement. */
    @ParameterizedTest
    @EnumSource(
            value = Product.class,
            names = {"HSQLDB", "DERBY"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatSomebodyBeganByAStatementIsUndone(Product product) throws Exception {
        whatIsLeftHalfDoneIsUndone(product, only -> Dialect.execute(only, "BEGIN"));
    }

    @FunctionalInterface
    private interface Beginning {
        void on(Connection connection) throws SQLException;
    }

    @FunctionalInterface
    private interface Use {
        void of(DataSource database) throws IOException;
    }

    private void whatIsLeftHalfDoneIsUndone(Product product, Beginning beginning) throws Exception {
        DataSource database = product.database(directory);
        execute(database, "CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        Copy backup = Copy.of(JdbcSource.of(database));
        List<Use> uses = List.of(
                lent -> assertThat(Copy.of(JdbcSource.of(lent)).parts()).isEqualTo(backup.parts()),
                lent -> backup.preview(JdbcTarget.empty(lent)),
                lent -> backup.restore(JdbcTarget.merge(lent, OnConflict.REPLACE)));
        for (Use use : uses) {
            try (Connection only = database.getConnection()) {
                beginning.on(only);
                boolean automatic = only.getAutoCommit();
                Dialect.execute(only, "INSERT INTO t VALUES (2)");
                use.of(LentConnection.of(only));
                assertThat(only.getAutoCommit()).isEqualTo(automatic);
                only.setAutoCommit(true);
            }
            assertThat(query(database, "SELECT a FROM t")).isEqualTo("1");
        }
    }

    @Test
    void aTransactionThatFailedOnPostgresIsNoHindrance() throws Exception {
        DataSource database = Product.POSTGRESQL.database(directory);
        execute(database, "CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        try (Connection only = database.getConnection()) {
            only.setAutoCommit(false);
            assertThatThrownBy(() -> Dialect.execute(only, "INSERT INTO t VALUES (1)"))
                    .isInstanceOf(SQLException.class);
            assertThat(Copy.of(JdbcSource.of(LentConnection.of(only))).texts("t", "a"))
                    .containsExactly("1");
        }
    }

    /** Who looks whether somebody waits for the backup gets the backup's own connection, and must not end what is open on it. */
    @ParameterizedTest
    @EnumSource(
            value = Product.class,
            names = {"POSTGRESQL", "MARIADB", "MARIADB_BY_CONNECTOR_J"})
    void aCaptureGoesOnThoughItsConnectionIsGivenAgain(Product product) throws Exception {
        DataSource database = product.database(directory);
        execute(database, "CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        for (boolean automatic : new boolean[] {true, false}) {
            try (Connection only = database.getConnection()) {
                only.setAutoCommit(automatic);
                Pool pool = new Pool(only);
                JdbcSource source = JdbcSource.from(pool.dataSource())
                        .yieldToDdl(Duration.ofMillis(1))
                        .build();
                try (Capture capture = Copy.open(source)) {
                    execute(database, "INSERT INTO t VALUES (2)");
                    pool.awaitBack(1);
                    assertThat(Copy.of(capture).texts("t", "a")).containsExactly("1");
                }
                assertThat(only.getAutoCommit()).isEqualTo(automatic);
                only.setAutoCommit(true);
            }
            execute(database, "DELETE FROM t WHERE a = 2");
        }
    }

    /** Who asks anything over it meanwhile waits for the end of a table, or has the driver take all of it into memory. */
    @ParameterizedTest
    @EnumSource(
            value = Product.class,
            names = {"POSTGRESQL", "MARIADB", "MARIADB_BY_CONNECTOR_J"})
    void nothingElseIsAskedOverAConnectionThatIsGivenAgainWhileRowsAreRead(Product product) throws Exception {
        DataSource database = product.database(directory);
        execute(
                database,
                product == Product.POSTGRESQL
                        ? "CREATE TABLE t (a serial PRIMARY KEY, b text)"
                        : "CREATE TABLE t (a int AUTO_INCREMENT PRIMARY KEY, b text)");
        String fifty = String.join(", ", Collections.nCopies(50, "('" + "x".repeat(60_000) + "')"));
        for (int i = 0; i < 10; i++) {
            execute(database, "INSERT INTO t (b) VALUES " + fifty);
        }
        AtomicBoolean reading = new AtomicBoolean();
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        Semaphore given = new Semaphore(0);
        try (Connection only = database.getConnection()) {
            WatchedDatabase watched = WatchedDatabase.of(LentConnection.of(only), sql -> {
                        if (reading.get()) {
                            asked.add(sql);
                        }
                    })
                    .releasing(given::release);
            JdbcSource source =
                    JdbcSource.from(watched).yieldToDdl(Duration.ofMillis(400)).build();
            try (Capture capture = Copy.open(source)) {
                try (RecordCursor rows = capture.read("t")) {
                    assertThat(rows.next()).isTrue();
                    reading.set(true);
                    assertThat(given.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
                    reading.set(false);
                }
            }
        }
        assertThat(asked).isEmpty();
    }

    /** A pool that rolls nothing back lends it as the second one, and to who looks whether somebody waits. */
    @Test
    void transactionsThatFailedOnPostgresAreNoHindranceToMoreConnections() throws Exception {
        DataSource database = Product.POSTGRESQL.database(directory);
        execute(
                database,
                "CREATE TABLE t (a int PRIMARY KEY, b text)",
                "INSERT INTO t SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) i");
        AtomicInteger failing = new AtomicInteger();
        PlainDataSource failed = new PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = database.getConnection();
                connection.setAutoCommit(false);
                assertThatThrownBy(() -> Dialect.execute(connection, "SELECT 1 / 0"))
                        .isInstanceOf(SQLException.class);
                failing.incrementAndGet();
                return connection;
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                throw new SQLFeatureNotSupportedException();
            }
        };
        JdbcSource source = JdbcSource.from(failed)
                .connections(3)
                .yieldToDdl(Duration.ofMillis(100))
                .build();
        try (Capture capture = Copy.open(source)) {
            assertThat(Copy.of(capture).attributes()).containsEntry("connections", "3");
        }
        assertThat(failing).hasValueGreaterThanOrEqualTo(3);
        try (Capture capture = Copy.open(source)) {
            execute(database, "ALTER TABLE t ADD COLUMN more int");
            assertThatThrownBy(() -> Copy.of(capture)).hasMessageContaining("gave way");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Product.class,
            names = {"POSTGRESQL", "MARIADB", "MARIADB_BY_CONNECTOR_J"})
    void aConnectionThatIsGivenAgainReadsAlone(Product product) throws Exception {
        DataSource database = product.database(directory);
        execute(database, "CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        Copy plain = Copy.of(JdbcSource.of(database));
        try (Connection only = database.getConnection()) {
            JdbcSource source =
                    JdbcSource.from(LentConnection.of(only)).connections(3).build();
            Copy copy = Copy.of(source);
            assertThat(copy.attributes().get("connections")).startsWith("1");
            assertThat(copy.parts()).isEqualTo(plain.parts());
        }
    }

    /** The snapshot that it takes first would end its transaction, and the rows of others be gone one after the other. */
    @ParameterizedTest
    @EnumSource(
            value = Product.class,
            names = {"SQLITE", "POSTGRESQL", "MARIADB"})
    void aRestoreInPlaceRefusesToReadByTheConnectionThatItWritesBy(Product product) throws Exception {
        DataSource database = product.database(directory);
        execute(database, "CREATE TABLE t (a INTEGER NOT NULL PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        Copy backup = Copy.of(JdbcSource.of(database));
        execute(database, "INSERT INTO t VALUES (2)");
        try (Connection only = database.getConnection()) {
            JdbcTarget target = JdbcTarget.replace(LentConnection.of(only));
            try (TargetSession session = target.open(backup.attributes(), backup.collections(Extent.WHOLE))) {
                session.preview();
                assertThatThrownBy(session::hold)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("the same connection twice");
            }
        }
        assertThat(query(database, "SELECT a FROM t")).isEqualTo("1,2");
    }

    private static void useInEveryWay(Connection only, DataSource empty) throws Exception {
        Pool pool = new Pool(only);
        Copy copy = Copy.of(JdbcSource.of(pool.dataSource()));
        copy.preview(JdbcTarget.empty(pool.dataSource()));
        JdbcTarget merge = JdbcTarget.merge(pool.dataSource(), OnConflict.REPLACE);
        try (TargetSession session = merge.open(copy.attributes(), copy.collections(Extent.SELECTED))) {
            session.preview();
            session.begin();
        }
        try (Connection other = empty.getConnection()) {
            other.setTransactionIsolation(only.getTransactionIsolation());
            Pool otherPool = new Pool(other);
            copy.restore(JdbcTarget.empty(otherPool.dataSource()));
            assertThat(other.getAutoCommit()).isTrue();
            assertThat(otherPool.back).isEqualTo(1);
        }
        assertThat(pool.given).isEqualTo(3);
        assertThat(pool.back).isEqualTo(3);
    }

    /** The plainest pool there is: one connection, which is not closed and not set back. */
    private static final class Pool {
        private final Connection only;
        private int given;
        private final Semaphore returns = new Semaphore(0);
        private int back;

        Pool(Connection only) {
            this.only = only;
        }

        DataSource dataSource() {
            return proxy(DataSource.class, (method, arguments) -> {
                given++;
                return connection();
            });
        }

        void awaitBack(int times) throws InterruptedException {
            assertThat(returns.tryAcquire(times, 30, TimeUnit.SECONDS)).isTrue();
        }

        private Connection connection() {
            List<String> closed = new ArrayList<>();
            return proxy(Connection.class, (method, arguments) -> {
                if (method.getName().equals("close")) {
                    back += closed.isEmpty() ? 1 : 0;
                    returns.release();
                    closed.add("closed");
                    return null;
                }
                assertThat(closed).as("no use after close").isEmpty();
                try {
                    return method.invoke(only, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause() instanceof SQLException sql ? sql : e;
                }
            });
        }

        @FunctionalInterface
        private interface Call {
            Object to(java.lang.reflect.Method method, Object[] arguments) throws Exception;
        }

        private static <T> T proxy(Class<T> type, Call call) {
            return type.cast(Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (self, method, arguments) -> call.to(method, arguments)));
        }
    }
}
