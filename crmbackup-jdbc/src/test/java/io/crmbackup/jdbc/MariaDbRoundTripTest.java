package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whole databases of applications through capture and restore. */
class MariaDbRoundTripTest {
    private static final MariaDbServer SERVER = TestedServer.mariaDb();

    @Test
    void smallCrmComesBack() throws Exception {
        TestDatabase source = Samples.smallCrm(SERVER);
        Copy copy = roundTrip(source);
        assertThat(copy.parts().get("account").order()).isEqualTo(Order.BY_KEY);
        assertThat(copy.parts().get("text_key").schema().key()).containsExactly("code", "part");
        assertThat(copy.parts().get("text_key").order()).isEqualTo(Order.UNSORTED);
        assertThat(copy.parts().get("audit_log").schema().isKeyed()).isFalse();
        assertThat(copy.parts().get("account").schema().indexOf("name_key")).isNegative();
        assertThat(copy.attributes().get("notOfTheMoment").lines()).containsExactly("old_event", "old_log");
        assertThat(copy.parts().get("contact").schema().references()).hasSize(1);
    }

    @Test
    void chinookComesBack() throws Exception {
        Copy copy = roundTrip(Samples.chinook(SERVER));
        assertThat(copy.parts()).hasSize(11);
        assertThat(copy.parts().get("PlaylistTrack").order()).isEqualTo(Order.BY_KEY);
    }

    @Test
    void civicrmComesBack() throws Exception {
        assumeTrue(
                SERVER.database("mysql").number("SELECT VERSION() LIKE '%MariaDB%'") == 1,
                "its keys are too long for MySQL 5.6");
        assertThat(roundTrip(Samples.civicrm(SERVER)).parts()).hasSizeGreaterThan(140);
    }

    @Test
    void dolibarrComesBack() throws Exception {
        assertThat(roundTrip(Samples.dolibarr(SERVER)).parts()).hasSizeGreaterThan(200);
    }

    /** Captures by one driver, restores by the other; nothing that the server can tell is different then. */
    private static Copy roundTrip(TestDatabase source) throws Exception {
        Copy copy = Copy.of(JdbcSource.of(SERVER.byConnectorJ(source)));
        TestDatabase target = SERVER.newDatabase();
        copy.restore(JdbcTarget.empty(target).trustSchema());
        Copy again = Copy.of(JdbcSource.of(target));
        assertThat(again.parts().keySet()).isEqualTo(copy.parts().keySet());
        copy.parts().forEach((table, part) -> {
            assertThat(again.parts().get(table).schema().fields())
                    .as(table)
                    .isEqualTo(part.schema().fields());
            for (int i = 0; i < part.schema().fields().size(); i++) {
                assertThat(column(again.parts().get(table), i))
                        .as("%s.%s", table, part.schema().fields().get(i).name())
                        .isEqualTo(column(part, i));
            }
        });
        assertThat(MariaDbSchemaTest.described(target)).isEqualTo(MariaDbSchemaTest.described(source));
        if (MariaDbDump.isInstalled()) {
            assertThat(MariaDbDump.schema(target)).isEqualTo(MariaDbDump.schema(source));
        }
        Map<String, String> definitions = definitions(source);
        assertThat(checksums(target, definitions)).isEqualTo(checksums(source, definitions));
        return copy;
    }

    private static List<String> column(Copy.Part part, int index) {
        return part.rows().stream()
                .map(row -> row.get(index))
                .map(value -> value.isNull() ? "null" : HexFormat.of().formatHex(value.bytes()))
                .toList();
    }

    private static Map<String, String> definitions(TestDatabase database) throws Exception {
        Map<String, String> result = new TreeMap<>();
        for (String table : tables(database)) {
            result.put(table, second(database, "SHOW CREATE TABLE " + table));
        }
        return result;
    }

    private static Map<String, String> checksums(TestDatabase database, Map<String, String> definitions)
            throws Exception {
        Map<String, String> result = new TreeMap<>();
        for (String table : tables(database)) {
            // MariaDB 10.11 gives copies that it makes itself other sums than their tables, where columns are computed.
            if (!definitions.get(table).contains("GENERATED")) {
                result.put(table, second(database, "CHECKSUM TABLE " + table));
            }
        }
        return result;
    }

    private static List<String> tables(TestDatabase database) throws Exception {
        try (Connection connection = database.getConnection()) {
            return Dialect.strings(
                    connection,
                    "SELECT CONCAT('`', REPLACE(TABLE_NAME, '`', '``'), '`') FROM information_schema.TABLES"
                            + " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'");
        }
    }

    private static String second(TestDatabase database, String sql) throws Exception {
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(2);
        }
    }
}
