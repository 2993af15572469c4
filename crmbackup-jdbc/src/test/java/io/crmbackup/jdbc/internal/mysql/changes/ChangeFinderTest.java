package io.crmbackup.jdbc.internal.mysql.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.mysql.MariaDbDialect;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.CapturedCollection.Order;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When digests are left, and when they are not worth it. */
class ChangeFinderTest {
    private static final long MANY = 1_000_000;
    private static final long ALWAYS_LESS = 0;
    private static final long ALWAYS_MORE = Long.MAX_VALUE;

    private final TestDatabase database = MariaDbServer.shared().newDatabase();
    private final Table keyed = table("keyed", "id");
    private final Table keyless = table("keyless");
    private Connection connection;

    private static Table table(String name, String... key) {
        RecordSchema schema =
                RecordSchema.builder().field("id", FieldType.INTEGER).key(key).build();
        return new Table(new TableName("", name), name, schema, Order.UNSORTED);
    }

    @BeforeEach
    void fill() throws SQLException {
        database.execute(
                "CREATE TABLE keyed (id bigint unsigned PRIMARY KEY)",
                "INSERT INTO keyed SELECT seq * 3 FROM seq_1_to_9000",
                "INSERT INTO keyed VALUES (18446744073709551615)",
                "CREATE TABLE keyless (id int)",
                "INSERT INTO keyless SELECT seq FROM seq_1_to_10");
        connection = database.getConnection();
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private ChangeFinder finder() {
        return new ChangeFinder(connection, new MariaDbDialect());
    }

    private static Map<String, byte[]> marks(ChangeFinder finder, Table table) throws Exception {
        Map<String, byte[]> marks = new TreeMap<>();
        try (MarkCursor cursor = finder.marks(table)) {
            while (cursor.next()) {
                marks.put(HexFormat.of().formatHex(cursor.key()), cursor.value());
            }
        }
        return marks;
    }

    private static String header(Map<String, byte[]> marks) {
        return new String(marks.get(HexFormat.of().formatHex(TableDigests.headerKey())), StandardCharsets.US_ASCII);
    }

    private Map<String, byte[]> marksAfterReading(Table table, long rows, long nanos) throws Exception {
        ChangeFinder finder = finder();
        finder.wasRead(table, rows, nanos);
        return marks(finder, table);
    }

    @Test
    void noDigestsAreLeftOfTablesThatAreReadInLessTime() throws Exception {
        for (Table table : List.of(keyed, keyless)) {
            Map<String, byte[]> marks = marksAfterReading(table, MANY, ALWAYS_LESS);
            assertThat(marks).as(table.collection()).hasSize(1);
            assertThat(header(marks)).isEqualTo("read");
        }
    }

    @Test
    void digestsAreLeftOfTablesThatAreReadInMoreTimeAndOfSmallOnes() throws Exception {
        for (Table table : List.of(keyed, keyless)) {
            assertThat(header(marksAfterReading(table, MANY, ALWAYS_MORE))).startsWith("2 ");
            assertThat(header(marksAfterReading(table, 1000, ALWAYS_LESS))).startsWith("2 ");
            assertThat(marksAfterReading(table, MANY, ALWAYS_MORE)).hasSizeGreaterThan(1);
        }
    }

    @Test
    void tablesWithoutDigestsAreReadAnewAndTheServerIsAskedForNone() throws Exception {
        Map<String, byte[]> left = marksAfterReading(keyed, MANY, ALWAYS_LESS);
        connection.close();
        ChangeFinder next = finder();
        assertThat(next.since(keyed, new Former(left)))
                .isInstanceOfSatisfying(
                        ChangeDetection.ReadAll.class,
                        all -> assertThat(all.reason()).contains("takes the server longer than to give them"));
        next.wasRead(keyed, MANY, ALWAYS_MORE);
        assertThat(marks(next, keyed)).containsOnlyKeys(left.keySet());
    }

    @Test
    void aTableThatIsReadAfterItsDigestsDifferedIsMeasuredByThem() throws Exception {
        Map<String, byte[]> left = marksAfterReading(keyless, MANY, ALWAYS_MORE);
        List<String> headers = new ArrayList<>();
        for (long nanos : List.of(ALWAYS_MORE, ALWAYS_LESS)) {
            database.execute("UPDATE keyless SET id = id + 1");
            ChangeFinder next = finder();
            assertThat(next.since(keyless, new Former(left))).isInstanceOf(ChangeDetection.ReadAll.class);
            next.wasRead(keyless, MANY, nanos);
            headers.add(header(marks(next, keyless)));
        }
        assertThat(headers).containsExactly("2 0", "read");
    }

    private record Former(Map<String, byte[]> left) implements FormerCapture {
        @Override
        public String position() {
            return "";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of();
        }

        @Override
        public long records() {
            return MANY;
        }

        @Override
        public Optional<byte[]> mark(byte[] key) {
            return Optional.ofNullable(left.get(HexFormat.of().formatHex(key)));
        }

        @Override
        public MarkCursor marks() {
            throw new UnsupportedOperationException();
        }
    }
}
