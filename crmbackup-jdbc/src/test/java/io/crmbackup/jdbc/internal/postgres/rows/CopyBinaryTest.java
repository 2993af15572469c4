package io.crmbackup.jdbc.internal.postgres.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** Rows of COPY in binary against the same rows as the server renders them. */
class CopyBinaryTest {
    private static final int ROWS = 2000;

    /** Values that are seldom met, of each type that binary rows have. */
    private static final Map<String, List<String>> RARE = Map.ofEntries(
            Map.entry("bool", List.of("true", "false")),
            Map.entry("int2", List.of("-32768", "32767", "0", "-1")),
            Map.entry("int4", List.of("-2147483648", "2147483647", "0", "-9", "10")),
            Map.entry("int8", List.of("-9223372036854775808", "9223372036854775807", "0", "-10", "99", "100")),
            Map.entry("oid", List.of("0", "4294967295", "2147483648")),
            Map.entry(
                    "numeric",
                    List.of(
                            "0",
                            "0.00",
                            "-0.00",
                            "NaN",
                            "Infinity",
                            "-Infinity",
                            "1e-30",
                            "-1e-4",
                            "0.0001",
                            "0.00001",
                            "1e4",
                            "1e20",
                            "9999",
                            "10000",
                            "99999999.99990",
                            "10000.0001",
                            "1e1200",
                            "-1e-1200",
                            "123456789012345678901234567890.123456789")),
            Map.entry("numeric(12,2)", List.of("0", "-0.01", "9999999999.99", "10000.00", "1.5", "NaN")),
            Map.entry("text", List.of("", "\\N", "a\tb\nc\\", "é😀", "\u0001")),
            Map.entry("varchar(30)", List.of("", "x ", "ünï")),
            Map.entry("char(5)", List.of("", "a", "abcde", " a")),
            Map.entry("name", List.of("", "Name")),
            Map.entry("json", List.of("{\"a\" : 1, \"a\":2}", " [1,  2] ", "null")),
            Map.entry("jsonb", List.of("{\"b\" : 1.50, \"a\":\"\\u0041\"}", "[]", "null", "\"\"")),
            Map.entry("bytea", List.of("\\x", "\\x00", "\\x5c4e09")),
            Map.entry("uuid", List.of("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-fffffffffff0")),
            Map.entry(
                    "date",
                    List.of(
                            "infinity",
                            "-infinity",
                            "2000-01-01",
                            "1999-12-31",
                            "0001-01-01",
                            "0001-12-31 BC",
                            "0044-03-15 BC",
                            "4713-01-01 BC",
                            "5874897-12-31",
                            "10000-01-01",
                            "9999-12-31",
                            "1582-10-10",
                            "1900-02-28",
                            "2024-02-29",
                            "1970-01-01")),
            Map.entry("time", List.of("00:00:00", "24:00:00", "23:59:59.999999", "12:30:00.1", "00:00:00.000001")),
            Map.entry(
                    "timestamp",
                    List.of(
                            "infinity",
                            "-infinity",
                            "2000-01-01 00:00:00",
                            "1999-12-31 23:59:59.999999",
                            "0001-12-31 23:59:59.5 BC",
                            "4713-01-01 00:00:00 BC",
                            "294276-12-31 23:59:59.999999",
                            "1969-07-20 20:17:40.000010",
                            "0099-01-01 00:00:00")),
            Map.entry(
                    "timestamptz",
                    List.of(
                            "infinity",
                            "-infinity",
                            "2024-03-10 02:30:00-05",
                            "0044-03-15 12:00:00+00 BC",
                            "294276-12-31 23:59:59.999999+00",
                            "1883-11-18 12:03:58-04:56:02",
                            "2000-01-01 00:00:00.1+00")),
            Map.entry("mood", List.of("happy", "it's \"so\\ so\"")),
            Map.entry("amount", List.of("12.50", "0.00")));

    private static final List<String> TYPES = RARE.keySet().stream().sorted().toList();

    private final Random random = new Random(Long.getLong("crmbackup.seed", 20261123));

    private static Column column(int number, String type, boolean required) {
        String base = switch (type) {
            case "numeric(12,2)", "amount" -> "numeric";
            case "varchar(30)" -> "varchar";
            case "char(5)" -> "bpchar";
            default -> type;
        };
        char kind = type.equals("mood") ? 'e' : 'b';
        return new Column(
                number, "c" + number, type, 1, new Column.BaseType(base, kind, true), required, "", "", null, null);
    }

    private @Nullable String value(String type) {
        List<String> rare = RARE.getOrDefault(type, List.of());
        if (random.nextInt(8) == 0) {
            return null;
        }
        if (random.nextInt(3) == 0) {
            return rare.get(random.nextInt(rare.size()));
        }
        String decimals = "." + random.nextInt(1_000_000);
        return switch (type) {
            case "int2" -> String.valueOf((short) random.nextInt());
            case "int4" -> String.valueOf(random.nextInt() >> random.nextInt(32));
            case "int8" -> String.valueOf(random.nextLong() >> random.nextInt(64));
            case "oid" -> String.valueOf(Integer.toUnsignedLong(random.nextInt()));
            case "numeric" ->
                random.nextLong()
                        + (random.nextBoolean() ? "" : "." + "0".repeat(random.nextInt(9)) + random.nextInt(99999));
            case "numeric(12,2)", "amount" -> random.nextInt(1_000_000) + "." + random.nextInt(100);
            case "text" -> "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 5000 : 200));
            case "bytea" -> "\\x" + "a0".repeat(random.nextInt(200));
            case "uuid" -> new java.util.UUID(random.nextLong(), random.nextLong()).toString();
            case "date" ->
                "%04d-%02d-%02d".formatted(1 + random.nextInt(9999), 1 + random.nextInt(12), 1 + random.nextInt(28));
            case "time" ->
                "%02d:%02d:%02d%s".formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60), decimals);
            case "timestamp" ->
                "%04d-%02d-%02d %02d:%02d:%02d%s"
                        .formatted(
                                1 + random.nextInt(9999),
                                1 + random.nextInt(12),
                                1 + random.nextInt(28),
                                random.nextInt(24),
                                random.nextInt(60),
                                random.nextInt(60),
                                decimals);
            case "timestamptz" ->
                "%04d-%02d-%02d 12:%02d:%02d%s+0%d"
                        .formatted(
                                1 + random.nextInt(9999),
                                1 + random.nextInt(12),
                                1 + random.nextInt(28),
                                random.nextInt(60),
                                random.nextInt(60),
                                decimals,
                                random.nextInt(9));
            default -> rare.get(random.nextInt(rare.size()));
        };
    }

    private static List<Column> columns(List<String> types) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(column(i + 1, types.get(i), false));
        }
        return columns;
    }

    private static List<FieldValue[]> rows(Connection connection, CopyForm form, String select) throws Exception {
        List<FieldValue[]> rows = new ArrayList<>();
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (" + select + ") TO STDOUT" + form.options());
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            byte[] row = form.row(message);
            if (row != null) {
                rows.add(form.values(row));
            }
        }
        return rows;
    }

    private static byte @Nullable [] encoded(List<Column> columns, FieldValue[] values) throws IOException {
        RecordSchema.Builder schema = RecordSchema.builder();
        columns.forEach(column -> schema.field(column.field()));
        boolean[] apart = {false};
        byte[] encoded = new RecordCodec(schema.build()).encode(Arrays.asList(values), (field, value) -> {
            apart[0] = true;
            return new byte[RecordCodec.APART_LENGTH];
        });
        return apart[0] ? null : encoded;
    }

    @Test
    void binaryRowsAreWhatTheServerRenders() throws Exception {
        List<Column> columns = columns(TYPES);
        TestDatabase database = PostgresServer.shared().newDatabase();
        try (Connection connection = database.getConnection()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TYPE mood AS ENUM ('happy', 'it''s \"so\\ so\"')");
                statement.execute("CREATE DOMAIN amount AS numeric(12,2)");
                statement.execute("SET timezone = 'UTC'; SET datestyle = 'ISO, MDY'");
                StringBuilder table = new StringBuilder("CREATE TABLE t (n int");
                columns.forEach(column -> table.append(", " + column.name() + " " + column.type()));
                statement.execute(table + ")");
            }
            fill(connection, columns);
            String select = "SELECT "
                    + String.join(", ", columns.stream().map(Column::name).toList()) + " FROM t ORDER BY n";
            CopyForm form = CopyForm.of(columns);
            assertThat(form).isInstanceOf(CopyBinary.class);
            List<FieldValue[]> rendered = rows(connection, new CopyText(columns), select);
            List<FieldValue[]> binary = rows(connection, form, select);
            assertThat(rendered).hasSize(ROWS);
            for (int i = 0; i < ROWS; i++) {
                assertThat(binary.get(i)).as("row " + i).isEqualTo(rendered.get(i));
            }
            requireEncodedAlike(connection, columns, select, rendered);
        }
    }

    private void fill(Connection connection, List<Column> columns) throws SQLException {
        String marks = String.join(
                ", ", columns.stream().map(column -> "?::" + column.type()).toList());
        try (var insert = connection.prepareStatement("INSERT INTO t VALUES (?, " + marks + ")")) {
            for (int row = 0; row < ROWS; row++) {
                insert.setInt(1, row);
                for (int i = 0; i < columns.size(); i++) {
                    insert.setString(i + 2, value(columns.get(i).type()));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void requireEncodedAlike(
            Connection connection, List<Column> columns, String select, List<FieldValue[]> expected) throws Exception {
        connection.setAutoCommit(false);
        int number = 0;
        int apart = 0;
        try (CopyRows rows = new CopyRows(connection, select, columns)) {
            for (RowStream.Row row = rows.next(); row != null; row = rows.next()) {
                FieldValue[] values = expected.get(number);
                byte[] encoded = encoded(columns, values);
                assertThat(row.encoded()).as("row " + number).isEqualTo(encoded);
                apart += encoded == null ? 1 : 0;
                int index = number++ % columns.size();
                assertThat(row.value(index)).isEqualTo(values[index]);
            }
        }
        assertThat(number).isEqualTo(expected.size());
        assertThat(apart).isPositive();
    }

    @Test
    void anEmptyTableHasNoRows() throws Exception {
        try (Connection connection = PostgresServer.shared().newDatabase().getConnection()) {
            connection.setAutoCommit(false);
            try (CopyRows rows = new CopyRows(connection, "SELECT 1::int4 WHERE false", columns(List.of("int4")))) {
                assertThat(rows.next()).isNull();
                assertThat(rows.next()).isNull();
            }
        }
    }

    @Test
    void aTypeWhoseBinaryFormIsNotKnownMakesAllColumnsText() {
        for (String type : List.of("float8", "interval", "char", "xml", "public.citext", "public.text", "_int4")) {
            assertThat(CopyForm.of(columns(List.of("int4", type)))).as(type).isInstanceOf(CopyText.class);
        }
    }

    private static byte[] message(Object... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Object part : parts) {
            if (part instanceof Short number) {
                out.writeShort(number);
            } else if (part instanceof Integer number) {
                out.writeInt(number);
            } else if (part instanceof byte[] some) {
                out.write(some);
            } else {
                out.write(part.toString().getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toByteArray();
    }

    private static final String HEAD = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";

    private static @Nullable Object read(List<String> types, byte[]... messages) throws IOException {
        CopyForm form = CopyForm.of(columns(types));
        byte[] row = null;
        for (byte[] message : messages) {
            row = form.row(message);
        }
        return row == null ? null : form.encode(row) == null ? form.values(row) : form.values(row)[0];
    }

    @Test
    void headAndEndMayComeByThemselvesOrWithARow() throws IOException {
        byte[] row = message((short) 1, 4, 7);
        assertThat(read(List.of("int4"), message(HEAD), row)).isEqualTo(FieldValue.text("7"));
        assertThat(read(List.of("int4"), message(HEAD, row))).isEqualTo(FieldValue.text("7"));
        assertThat(read(List.of("int4"), message(HEAD, (short) -1))).isNull();
        assertThat(read(List.of("int4"), message(HEAD, row), message((short) -1)))
                .isNull();
    }

    @Test
    void rowsThatAreNotAsTheyShouldBeAreRefused() throws IOException {
        Map<byte[], String> wrong = Map.of(
                message("PGCOPX\n"), "head",
                message("PGCOPY\n\377\r\n\0\0\1\0\0\0\0\0\0"), "unknown kind",
                message("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\1"), "unknown kind",
                message(HEAD, (short) 2, -1, -1), "2 values",
                message(HEAD, "x"), "values",
                message(HEAD, (short) 1), "within a value",
                message(HEAD, (short) 1, 4, (short) 7), "within a value",
                message(HEAD, (short) 1, -2), "within a value",
                message(HEAD, (short) 1, 4, 7, "x"), "behind its values",
                message(HEAD, (short) 1, 8, 7, 7), "not the 4 of its type");
        wrong.forEach((message, why) -> assertThatThrownBy(() -> read(List.of("int4"), message))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why));
    }

    @Test
    void valuesThatTheirTypesDoNotHaveAreRefused() {
        assertThatThrownBy(() -> read(List.of("bool"), message(HEAD, (short) 1, 1, "\2")))
                .hasMessageContaining("neither 0 nor 1");
        assertThatThrownBy(() -> read(List.of("jsonb"), message(HEAD, (short) 1, 3, "\2{}")))
                .hasMessageContaining("unknown version");
        assertThatThrownBy(() -> read(List.of("time"), message(HEAD, (short) 1, 8, -1, -1)))
                .hasMessageContaining("time of day");
        assertThatThrownBy(() -> read(
                        List.of("numeric"), message(HEAD, (short) 1, 8, (short) 1, (short) 0, (short) 0, (short) 0)))
                .hasMessageContaining("so many digits");
        assertThatThrownBy(() -> read(
                        List.of("numeric"), message(HEAD, (short) 1, 8, (short) 0, (short) 0, (short) 1, (short) 0)))
                .hasMessageContaining("unknown sign");
        assertThatThrownBy(() ->
                        read(List.of("numeric"), message(HEAD, (short) 1, 8, (short) 0, (short) 0, (short) 0, (short)
                                0x4000)))
                .hasMessageContaining("places");
        assertThatThrownBy(() -> read(
                        List.of("numeric"),
                        message(HEAD, (short) 1, 10, (short) 1, (short) 0, (short) 0, (short) 0, (short) 10000)))
                .hasMessageContaining("digit of 10000");
    }

    @Test
    void aRequiredColumnWithoutAValueIsLeftToBeRefused() throws IOException {
        CopyForm form = CopyForm.of(List.of(column(1, "int4", true)));
        byte[] row = form.row(message(HEAD, (short) 1, -1));
        assertThat(row).isNotNull();
        assertThat(form.encode(row)).isNull();
        assertThat(form.values(row)).containsExactly(FieldValue.NULL);
    }
}
