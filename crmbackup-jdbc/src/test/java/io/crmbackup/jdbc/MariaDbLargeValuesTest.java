package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.spi.Capture;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Values that are larger than the heap of who reads them, and than what the server sends at a time. */
final class MariaDbLargeValuesTest {
    private static final int MEBIBYTES = Integer.getInteger("crmbackup.largeValue", 48);
    private static final MariaDbServer SERVER = TestedServer.mariaDb();
    private static TestDatabase database;

    @BeforeAll
    static void fill() throws Exception {
        database = SERVER.newDatabase();
        long packet = database.number("SELECT @@global.max_allowed_packet");
        database.execute("SET GLOBAL max_allowed_packet = 1024 * 1024 * 1024");
        long times = MEBIBYTES * 1024L * 1024 / 34;
        database.execute(
                "CREATE TABLE keyed (id int, part varbinary(9), body longtext character set utf8mb4, data longblob,"
                        + " doc json, PRIMARY KEY (id, part))",
                "INSERT INTO keyed (id, part, body) WITH RECURSIVE n AS (SELECT 1 i UNION ALL SELECT i + 1 FROM n"
                        + " WHERE i < 1000) SELECT i, 'p', CONCAT('body ', i) FROM n",
                "UPDATE keyed SET body = REPEAT(CONCAT(MD5('x'), 'Ω'), " + times + ") WHERE id = 500",
                "UPDATE keyed SET data = REPEAT(CONCAT(MD5('y'), X'FF00'), " + times + ") WHERE id = 501",
                "UPDATE keyed SET data = REPEAT(UNHEX(MD5('y')), 1000000), body = REPEAT('☎', 30000),"
                        + " doc = CONCAT('\"', REPEAT('z\\\\t', 3000000), '\"') WHERE id IN (1, 1000)",
                "INSERT INTO keyed (id, part, body) VALUES (1000, '', NULL), (1000, X'FF', REPEAT('w', 5000000))",
                "CREATE TABLE keyless (body mediumtext character set latin1, padded char(10)) character set latin1",
                "INSERT INTO keyless VALUES ('short', 'p'), ('short', 'p'), (REPEAT('lóng', 1100000), 'q'),"
                        + " (REPEAT('lóng', 1100001), 'q'), (NULL, NULL)",
                "CREATE TABLE named (name varchar(50) character set utf8mb4 collate utf8mb4_general_ci, a mediumtext,"
                        + " b longtext, c longblob, PRIMARY KEY (name)) character set cp1251",
                "INSERT INTO named VALUES ('it''s \\\\ \"Ω\"', REPEAT('Я', 2500000), REPEAT('b', 2000000), 'c'),"
                        + " ('other', REPEAT('Я', 4100000), NULL, NULL), ('', 'a', 'b', 'c')");
        database.execute("SET GLOBAL max_allowed_packet = " + packet);
    }

    @AfterAll
    static void drop() throws Exception {
        database.execute("DROP DATABASE " + database.name());
    }

    @Test
    void largeValuesAreReadInPiecesAmongOthersByMariaDbsDriver() throws Exception {
        assertThat(LargeValueReader.lines(database.url(), "root")).containsExactlyInAnyOrderElementsOf(expected());
    }

    @Test
    void largeValuesAreReadInPiecesAmongOthersByConnectorJ() throws Exception {
        assertThat(LargeValueReader.lines(SERVER.byConnectorJ(database).url(), "root"))
                .containsExactlyInAnyOrderElementsOf(expected());
    }

    /** What the server itself says of the values, in UTF-8. */
    private static List<String> expected() throws SQLException {
        List<String> lines = new ArrayList<>();
        for (String[] table : new String[][] {
            {"keyed", "id", "part", "body", "data", "doc"},
            {"keyless", "body", "padded"},
            {"named", "name", "a", "b", "c"}
        }) {
            List<String> values = new ArrayList<>();
            values.add("'" + table[0] + "'");
            for (int i = 1; i < table.length; i++) {
                boolean foreign = table[0].equals("keyless") || table[i].matches("[ab]");
                String value = foreign ? "CONVERT(" + table[i] + " USING utf8mb4)" : table[i];
                values.add("IFNULL(MD5(" + value + "), 'null')");
            }
            try (Connection connection = database.getConnection()) {
                lines.addAll(Dialect.strings(
                        connection, "SELECT CONCAT_WS(' ', " + String.join(", ", values) + ") FROM " + table[0]));
            }
        }
        return lines;
    }

    @Test
    void largeRowsComeAtTheirPlace() throws Exception {
        List<byte[]> keys = new ArrayList<>();
        try (Capture capture = Copy.open(JdbcSource.of(database));
                RecordCursor cursor = capture.read("keyed")) {
            while (cursor.next()) {
                keys.add(cursor.key().bytes());
            }
        }
        assertThat(keys).hasSize(1002).isSortedAccordingTo(Arrays::compareUnsigned);
    }
}
