package io.crmbackup.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SamplesTest {
    @Test
    void smallCrmHoldsItsAwkwardValuesInPostgres() throws SQLException {
        TestDatabase crm = Samples.smallCrm(PostgresServer.shared());
        assertThat(rows(crm)).isBetween(3_000L, 9_999L);
        assertThat(crm.number("SELECT count(*) FROM sales.all_types WHERE ts = 'infinity' AND n = 'NaN'"))
                .isEqualTo(1);
        assertThat(crm.number(
                        "SELECT count(*) FROM sales.account WHERE name LIKE '😀 GmbH%' OR name LIKE E'two\\nlines%'"))
                .isEqualTo(75);
    }

    @Test
    void smallCrmHoldsItsAwkwardValuesInMariaDb() throws SQLException {
        checkSmallCrm(Samples.smallCrm(MariaDbServer.shared()));
    }

    @Test
    void smallCrmLoadsIntoMySql() throws SQLException {
        try (MariaDbServer server = MariaDbServer.start(MariaDbBinaries.mysql(), List.of())) {
            checkSmallCrm(Samples.smallCrm(server));
        }
    }

    @Test
    void smallCrmLoadsIntoTheMariaDbOfTheMachine() throws SQLException {
        try (MariaDbServer server = MariaDbServer.start(MariaDbBinaries.ofSystem(), List.of())) {
            checkSmallCrm(Samples.smallCrm(server));
        }
    }

    private static void checkSmallCrm(TestDatabase crm) throws SQLException {
        assertThat(rows(crm)).isBetween(3_000L, 9_999L);
        assertThat(crm.number(
                        "SELECT count(*) FROM all_types WHERE bu = 18446744073709551615 AND hex(vb) = '00FF5C27220A'"))
                .isEqualTo(1);
        assertThat(crm.number("SELECT count(*) FROM all_types WHERE hex(da) = hex('0000-00-00')"))
                .isEqualTo(1);
        assertThat(crm.number(
                        "SELECT count(*) FROM account WHERE hex(name) LIKE 'F09F9880%' OR name LIKE 'two\nlines%'"))
                .isEqualTo(62);
        assertThat(crm.number("SELECT count(*) FROM employee WHERE id = 0")).isEqualTo(1);
    }

    @Test
    void sakilaIsWhole() throws SQLException {
        TestDatabase sakila = Samples.sakila(PostgresServer.shared());
        assertThat(rows(sakila)).isEqualTo(46_273);
        assertThat(tables(sakila)).hasSize(21);
    }

    @Test
    void changedCopyOfPostgresLeavesTheNextAlone() throws SQLException {
        Samples.chinook(PostgresServer.shared()).execute("DROP TABLE playlist_track");
        assertThat(rows(Samples.chinook(PostgresServer.shared()))).isEqualTo(15_607);
    }

    @Test
    void chinookIsTheSameInMariaDb() throws SQLException {
        assertThat(rows(Samples.chinook(MariaDbServer.shared()))).isEqualTo(15_607);
    }

    @Test
    void chinookIsTheSameInSqlite(@TempDir Path directory) throws SQLException {
        assertThat(rows(Samples.chinook(directory))).isEqualTo(15_607);
    }

    @Test
    void civicrmIsWhole() throws SQLException {
        TestDatabase civicrm = Samples.civicrm(MariaDbServer.shared());
        assertThat(tables(civicrm)).hasSize(148);
        assertThat(civicrm.number("SELECT count(*) FROM information_schema.referential_constraints"
                        + " WHERE constraint_schema = database()"))
                .isEqualTo(238);
        assertThat(civicrm.number("SELECT count(*) FROM civicrm_contact")).isGreaterThan(100);
    }

    @Test
    void dolibarrIsWhole() throws SQLException {
        TestDatabase dolibarr = Samples.dolibarr(MariaDbServer.shared());
        assertThat(tables(dolibarr)).hasSize(206);
        assertThat(dolibarr.number("SELECT count(*) FROM llx_societe")).isGreaterThan(10);
        assertThat(Samples.dolibarrDocuments()).isNotEmptyDirectory();
    }

    private static long rows(TestDatabase database) throws SQLException {
        long rows = 0;
        for (String table : tables(database)) {
            rows += database.number("SELECT count(*) FROM " + table);
        }
        return rows;
    }

    private static List<String> tables(TestDatabase database) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Connection connection = database.getConnection()) {
            DatabaseMetaData metaData = connection.getMetaData();
            String quote = metaData.getIdentifierQuoteString();
            @Nullable String catalog = database.url().startsWith("jdbc:mariadb") ? database.name() : null;
            try (ResultSet found = metaData.getTables(catalog, null, "%", new String[] {"TABLE"})) {
                while (found.next()) {
                    String table = quoted(found.getString("TABLE_NAME"), quote);
                    String schema = found.getString("TABLE_SCHEM");
                    tables.add(schema == null ? table : quoted(schema, quote) + "." + table);
                }
            }
        }
        return tables;
    }

    private static String quoted(String name, String quote) {
        return quote + name.replace(quote, quote + quote) + quote;
    }
}
