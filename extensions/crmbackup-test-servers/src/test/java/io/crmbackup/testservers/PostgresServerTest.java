package io.crmbackup.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresServerTest {
    @Test
    void newDatabasesAreEmptyAndApart() throws SQLException {
        TestDatabase one = PostgresServer.shared().newDatabase();
        TestDatabase two = PostgresServer.shared().newDatabase();
        one.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (7)");
        assertThat(one.number("SELECT a FROM t")).isEqualTo(7);
        assertThatThrownBy(() -> two.number("SELECT a FROM t")).hasMessageContaining("\"t\" does not exist");
    }

    @Test
    void copyHoldsWhatTheTemplateHolds() throws SQLException {
        TestDatabase template = PostgresServer.shared().newDatabase();
        template.execute("CREATE TABLE t (a int)", "INSERT INTO t VALUES (7)");
        TestDatabase copy = PostgresServer.shared().newDatabase(template.name());
        copy.execute("DELETE FROM t");
        assertThat(template.number("SELECT count(*) FROM t")).isEqualTo(1);
    }

    @Test
    void ownServerHasItsSettingsAndLeavesNothingBehind() throws SQLException {
        Path data;
        try (PostgresServer server = PostgresServer.start(PostgresServer.DURABLE)) {
            data = server.data();
            assertThat(Files.exists(data.resolve("postmaster.pid"))).isTrue();
            for (String setting : PostgresServer.DURABLE.keySet()) {
                assertThat(setting(server, setting)).as(setting).isEqualTo("on");
            }
            assertThat(setting(server, "wal_level")).isEqualTo("logical");
        }
        assertThat(data.getParent()).doesNotExist();
    }

    @Test
    void serverWhosePortAnotherTookGetsAnother() throws SQLException {
        int taken = PostgresServer.shared().port();
        Iterator<Integer> ports = List.of(taken, PostgresServer.ANY_PORT).iterator();
        try (PostgresServer server = PostgresServer.start(PostgresServer.DEFAULT_MAJOR, Map.of(), ports::next)) {
            assertThat(server.port()).isNotEqualTo(taken);
            assertThat(setting(server, "data_directory"))
                    .isEqualTo(server.data().toString());
        }
        assertThat(setting(PostgresServer.shared(), "data_directory"))
                .isEqualTo(PostgresServer.shared().data().toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void startsEachMajor(int major) throws SQLException {
        try (PostgresServer server = PostgresServer.start(major, Map.of())) {
            assertThat(server.newDatabase().number("SHOW server_version_num") / 10000)
                    .isEqualTo(major);
        }
    }

    private static String setting(PostgresServer server, String name) throws SQLException {
        try (Connection connection = server.database("postgres").getConnection();
                ResultSet rows = connection.createStatement().executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
