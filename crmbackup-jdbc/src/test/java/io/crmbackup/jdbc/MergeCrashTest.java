package io.crmbackup.jdbc;

import static io.crmbackup.jdbc.Databases.execute;
import static io.crmbackup.jdbc.Merges.databases;
import static io.crmbackup.jdbc.Merges.restore;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LentConnection;
import io.crmbackup.testservers.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores into databases in service that break at any statement, or fail: nothing is changed then, and what was off is on again. */
class MergeCrashTest {
    private static final int STEP = Integer.getInteger("crmbackup.breakEvery", 11);
    private static final int ROWS = 30;

    @TempDir
    private Path directory;

    private static final String REFERENCE = "ALTER TABLE a ADD CONSTRAINT to_b FOREIGN KEY (b) REFERENCES b (id)";

    /** Two tables that need each other where checks can wait, and triggers where they can be off. */
    private static void create(DataSource database, String product) throws SQLException {
        boolean waits = !product.equals("H2");
        List<String> statements = new ArrayList<>(List.of(
                "CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY, b INTEGER" + (waits ? " NOT NULL" : "")
                        + (product.equals("SQLite") ? " REFERENCES b (id)" : "") + ", v VARCHAR(20))",
                "CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY, a INTEGER NOT NULL, FOREIGN KEY (a) REFERENCES a (id))",
                "CREATE TABLE log (what VARCHAR(20))"));
        for (int i = 1; i <= ROWS; i++) {
            statements.add("INSERT INTO a VALUES (" + i + ", " + i + ", 'a" + i + "')");
            statements.add("INSERT INTO b VALUES (" + i + ", " + i + ")");
        }
        if (product.equals("PostgreSQL")) {
            statements.add("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN INSERT INTO log VALUES (TG_OP); RETURN NULL; END'");
            statements.add("CREATE TRIGGER t AFTER INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f()");
        } else if (product.equals("SQLite")) {
            statements.add("CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO log VALUES ('INSERT'); END");
        }
        if (!product.equals("SQLite")) {
            statements.add(REFERENCE);
        }
        execute(database, statements.toArray(String[]::new));
    }

    private static void damage(DataSource database, String product) throws SQLException {
        List<String> statements = new ArrayList<>(List.of(
                "DELETE FROM b WHERE id % 3 = 0",
                "DELETE FROM a WHERE id % 3 = 0",
                "UPDATE a SET v = 'changed' WHERE id % 3 = 1",
                "INSERT INTO a VALUES (100, 100, 'new')",
                "INSERT INTO b VALUES (100, 100)",
                "DELETE FROM log"));
        if (!product.equals("SQLite")) {
            boolean mariaDb = product.equals("MariaDB");
            statements.add(0, "ALTER TABLE a DROP " + (mariaDb ? "FOREIGN KEY" : "CONSTRAINT") + " to_b");
            statements.add(REFERENCE);
        }
        execute(database, statements.toArray(String[]::new));
    }

    private static String product(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return connection.getMetaData().getDatabaseProductName();
        }
    }

    /** All but the table that triggers write to. */
    private static Copy restored(Copy copy) {
        Map<String, Copy.Part> parts = new LinkedHashMap<>(copy.parts());
        parts.keySet().removeIf("log"::equalsIgnoreCase);
        return new Copy(copy.attributes(), parts);
    }

    private static JdbcTarget target(DataSource database, String product) {
        boolean switches = product.equals("PostgreSQL") || product.equals("SQLite");
        return JdbcTarget.merge(database, switches ? MergePolicy.mirror().withoutTriggers() : MergePolicy.mirror());
    }

    @Test
    void nothingIsChangedWhereverItBreaks() throws Exception {
        for (DataSource database : databases(directory)) {
            String product = product(database);
            create(database, product);
            execute(database, "DELETE FROM log");
            Copy whole = Copy.of(JdbcSource.of(database));
            damage(database, product);
            Copy damaged = Copy.of(JdbcSource.of(database));
            for (DyingDataSource.Last last : DyingDataSource.Last.values()) {
                for (int statements = 1; ; statements += STEP) {
                    DyingDataSource dying = new DyingDataSource(database, statements, last);
                    try {
                        restore(restored(whole), target(dying, product));
                    } catch (IOException e) {
                        assertThat(dying.isDead()).as("%s: %s", product, e).isTrue();
                    }
                    Copy now = Copy.of(JdbcSource.of(database));
                    if (now.equals(whole)) {
                        // It was the answer only that got lost, if anything.
                        damage(database, product);
                    } else {
                        assertThat(now)
                                .as("%s, broken at statement %d, which %s", product, statements, last)
                                .isEqualTo(damaged);
                        assertThat(dying.isDead()).isTrue();
                    }
                    if (!dying.isDead()) {
                        assertThat(now).isEqualTo(whole);
                        assertThat(statements).as(product).isGreaterThan(STEP);
                        break;
                    }
                }
            }
        }
    }

    @Test
    void connectionsAreGivenBackAsTheyWereAlsoAfterFailures() throws Exception {
        for (DataSource database : List.of(
                PostgresServer.shared().newDatabase(), TestedServer.mariaDb().newDatabase())) {
            String product = product(database);
            create(database, product);
            Copy whole = Copy.of(JdbcSource.of(database));
            damage(database, product);
            // No row that is there now is what the condition excludes.
            execute(database, "ALTER TABLE a ADD CONSTRAINT c CHECK (v <> 'a9')");
            try (Connection connection = database.getConnection()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                List<String> before = settings(connection, product);
                JdbcTarget target = target(LentConnection.of(connection), product);
                assertThatThrownBy(() -> restore(restored(whole), target)).isInstanceOf(IOException.class);
                assertThat(settings(connection, product)).as(product).isEqualTo(before);
                assertThat(connection.getAutoCommit()).isTrue();
                execute(database, "ALTER TABLE a DROP CONSTRAINT c");
                restore(restored(whole), target);
                assertThat(settings(connection, product)).as(product).isEqualTo(before);
                assertThat(connection.getAutoCommit()).isTrue();
            }
            assertThat(restored(Copy.of(JdbcSource.of(database))).parts())
                    .isEqualTo(restored(whole).parts());
        }
    }

    private static List<String> settings(Connection connection, String product) throws SQLException {
        return Dialect.strings(
                connection,
                product.equals("PostgreSQL")
                        ? "SELECT name || '=' || setting FROM pg_settings ORDER BY 1"
                        : "SELECT CONCAT(VARIABLE_NAME, '=', VARIABLE_VALUE) FROM information_schema.SESSION_VARIABLES"
                                + " WHERE VARIABLE_NAME NOT REGEXP 'TIMESTAMP|RAND_SEED|INSERT_ID|IDENTITY|GTID|_COUNT|INNODB_'"
                                + " ORDER BY 1");
    }
}
