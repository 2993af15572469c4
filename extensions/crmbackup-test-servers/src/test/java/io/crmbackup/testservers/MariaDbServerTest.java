package io.crmbackup.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MariaDbServerTest {
    @Test
    void newDatabasesAreEmptyAndApart() throws SQLException {
        TestDatabase one = MariaDbServer.shared().newDatabase();
        TestDatabase two = MariaDbServer.shared().newDatabase();
        one.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (7)");
        assertThat(one.number("SELECT a FROM t")).isEqualTo(7);
        assertThatThrownBy(() -> two.number("SELECT a FROM t")).hasMessageContaining("t' doesn't exist");
    }

    @Test
    void sharedServerLogsRowsWithTheirNames() throws SQLException {
        TestDatabase database = MariaDbServer.shared().newDatabase();
        assertThat(product(database)).contains("11.4.5");
        assertThat(database.number("SELECT @@log_bin AND @@binlog_format = 'ROW' AND @@binlog_row_metadata = 'FULL'"))
                .isEqualTo(1);
    }

    @Test
    void bothDriversReadTheSame() throws SQLException {
        TestDatabase database = MariaDbServer.shared().newDatabase();
        database.execute("CREATE TABLE t (a int) ENGINE=MyISAM", "INSERT INTO t VALUES (7)");
        TestDatabase other = MariaDbServer.shared().byConnectorJ(database);
        assertThat(other.number("SELECT a FROM t")).isEqualTo(7);
        try (Connection connection = other.getConnection()) {
            assertThat(connection.getMetaData().getDriverName()).startsWith("MySQL");
        }
    }

    @Test
    void ownServerHasItsOptionsAndLeavesNothingBehind() throws SQLException {
        Path data;
        try (MariaDbServer server = MariaDbServer.start(MariaDbBinaries.bundled(), MariaDbServer.DURABLE)) {
            data = server.data();
            assertThat(server.newDatabase().number("SELECT @@sync_binlog AND @@innodb_flush_method = 'fsync'"))
                    .isEqualTo(1);
        }
        assertThat(data.getParent()).doesNotExist();
    }

    @Test
    void startsTheMariaDbOfTheMachine() throws SQLException {
        try (MariaDbServer server = MariaDbServer.start(MariaDbBinaries.ofSystem(), List.of())) {
            assertThat(product(server.newDatabase())).contains("MariaDB");
        }
    }

    @Test
    void startsMySql() throws SQLException {
        try (MariaDbServer server = MariaDbServer.start(MariaDbBinaries.mysql(), List.of())) {
            TestDatabase database = server.newDatabase();
            assertThat(product(server.byConnectorJ(database))).startsWith("5.");
            assertThat(database.number("SELECT @@log_bin")).isEqualTo(1);
        }
    }

    private static String product(TestDatabase database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return connection.getMetaData().getDatabaseProductVersion();
        }
    }
}
