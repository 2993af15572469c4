package io.crmbackup.jdbc.internal.postgres.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.LoadedRows;
import io.crmbackup.jdbc.internal.postgres.PostgresDialect;
import io.crmbackup.jdbc.internal.postgres.binary.ReceivedForm;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Rows that are loaded by COPY against the same values read by the server from their texts. */
final class CopyLoadTest {
    private static final List<String> TYPES = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "numeric(12,2)",
            "text",
            "varchar(9000)",
            "char(12)",
            "mood",
            "json",
            "jsonb",
            "bytea",
            "uuid",
            "date",
            "time",
            "timestamp",
            "timestamp(3)",
            "timestamptz",
            "amount",
            "small_amount");

    private static final TableName LOADED = new TableName("public", "loaded");

    private final TestDatabase database = PostgresServer.shared().newDatabase();
    private final PostgresDialect dialect = new PostgresDialect();

    private static String canonical(String type, Random random) {
        return switch (type) {
            case "bool" -> String.valueOf(random.nextBoolean());
            case "int2" -> String.valueOf((short) random.nextInt());
            case "int4" -> String.valueOf(random.nextInt() >> random.nextInt(32));
            case "int8" ->
                String.valueOf(random.nextInt(20) == 0 ? Long.MIN_VALUE : random.nextLong() >> random.nextInt(64));
            case "float4" ->
                random.nextInt(5) == 0
                        ? odd(random, "0", "-0", "NaN", "-Infinity", "1e-45", "3.4028235e+38")
                        : String.valueOf(Float.intBitsToFloat(random.nextInt()));
            case "float8" ->
                random.nextInt(5) == 0
                        ? odd(random, "0", "-0", "NaN", "Infinity", "4.9e-324", "1.5")
                        : String.valueOf(Double.longBitsToDouble(random.nextLong()));
            case "numeric", "amount" -> decimal(random, 40, 30);
            case "numeric(12,2)", "small_amount" -> decimal(random, 9, 2);
            case "mood" -> odd(random, "ok", "so so", "ä");
            case "json", "jsonb" -> "{\"a\": \"" + "é".repeat(random.nextInt(30)) + "\", \"b\": 1.50}";
            case "uuid" -> new java.util.UUID(random.nextLong(), random.nextLong()).toString();
            case "date" -> date(random);
            case "time" -> random.nextInt(20) == 0 ? "24:00:00" : time(random);
            case "timestamp", "timestamp(3)" ->
                random.nextInt(20) == 0 ? "infinity" : date(random) + " " + time(random);
            case "timestamptz" -> date(random) + " " + time(random) + "+00";
            case "char(12)" -> "ab" + " ".repeat(10);
            default -> "a\t\\N\n\"é😀".repeat(random.nextInt(random.nextInt(40) == 0 ? 700 : 5));
        };
    }

    private static String odd(Random random, String... texts) {
        return texts[random.nextInt(texts.length)];
    }

    private static String decimal(Random random, int before, int places) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "" : "-");
        int digits = 1 + random.nextInt(before);
        text.append(digits == 1 ? "0" : "" + (1 + random.nextInt(9)));
        random.ints(digits - 1, 0, 10).forEach(text::append);
        if (random.nextBoolean()) {
            text.append('.');
            random.ints(1 + random.nextInt(places), 0, random.nextBoolean() ? 10 : 2)
                    .forEach(text::append);
        }
        return text.toString();
    }

    private static String date(Random random) {
        int year = random.nextInt(4) == 0 ? 1 + random.nextInt(9999) : 1990 + random.nextInt(50);
        return java.time.LocalDate.ofYearDay(year, 1 + random.nextInt(365))
                + (year < 4000 && random.nextInt(200) == 0 ? " BC" : "");
    }

    private static String time(Random random) {
        String time = "%02d:%02d:%02d".formatted(random.nextInt(24), random.nextInt(60), random.nextInt(60));
        return random.nextBoolean() ? time : time + "." + (1 + random.nextInt(999_999));
    }

    private static Field field(int number, String type) {
        FieldType known = type.equals("bytea") ? FieldType.BYTES : FieldType.TEXT;
        return new Field("c" + number, known, type, Presence.OPTIONAL);
    }

    private static List<Field> fields(List<String> types) {
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            fields.add(field(i, types.get(i)));
        }
        return fields;
    }

    private static final class Given implements LoadedRows {
        private final List<List<FieldValue>> rows;
        private final RecordSchema schema;
        private int at = -1;

        Given(List<Field> fields, List<List<FieldValue>> rows) {
            RecordSchema.Builder builder = RecordSchema.builder();
            fields.forEach(builder::field);
            this.schema = builder.build();
            this.rows = rows;
        }

        @Override
        public boolean areFirst() {
            return true;
        }

        @Override
        public boolean next() {
            return ++at < rows.size();
        }

        @Override
        public @Nullable EncodedRow rowAtHand() throws IOException {
            if (at % 3 == 0) {
                return null;
            }
            byte[] row =
                    new RecordCodec(schema).encode(rows.get(at), (field, value) -> new byte[RecordCodec.APART_LENGTH]);
            // Among other bytes, which are no row's.
            byte[] bytes = new byte[row.length + 2 * at];
            Arrays.fill(bytes, (byte) 'x');
            System.arraycopy(row, 0, bytes, at, row.length);
            return new EncodedRow(bytes, at, at + row.length);
        }

        @Override
        public List<FieldValue> values() {
            return rows.get(at);
        }
    }

    private void define(Connection connection, List<String> types) throws SQLException {
        for (String table : List.of("loaded", "expected")) {
            List<String> columns = new ArrayList<>(List.of("number serial"));
            for (int i = 0; i < types.size(); i++) {
                columns.add("c" + i + " " + types.get(i));
            }
            Dialect.execute(connection, "CREATE TABLE public." + table + " (" + String.join(", ", columns) + ")");
        }
    }

    /** Puts the same rows into the other table, each value as a literal. */
    private static void insert(Connection connection, List<String> types, List<List<FieldValue>> rows)
            throws SQLException, IOException {
        for (List<FieldValue> row : rows) {
            List<String> literals = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                FieldValue value = row.get(i);
                byte[] bytes = value.isNull() ? new byte[0] : value.open().readAllBytes();
                String text = types.get(i).equals("bytea")
                        ? "\\x" + HexFormat.of().formatHex(bytes)
                        : new String(bytes, StandardCharsets.UTF_8);
                literals.add(value.isNull() ? "NULL" : "'" + text.replace("'", "''") + "'");
            }
            Dialect.execute(
                    connection, "INSERT INTO public.expected VALUES (DEFAULT, " + String.join(", ", literals) + ")");
        }
    }

    private static byte[] dump(Connection connection, String table) throws SQLException, IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT * FROM public." + table + " ORDER BY number) TO STDOUT (FORMAT binary)", out);
        return out.toByteArray();
    }

    private Connection connection() throws SQLException {
        Connection connection = database.getConnection();
        Dialect.execute(connection, "SET timezone = 'UTC'");
        connection.setAutoCommit(false);
        return connection;
    }

    private void types() throws SQLException {
        database.execute(
                "CREATE TYPE mood AS ENUM ('ok', 'so so', 'ä')",
                "CREATE DOMAIN amount AS numeric",
                "CREATE DOMAIN small_amount AS numeric(12,2)",
                "CREATE DOMAIN long_name AS text CHECK (length(VALUE) < 5)");
    }

    @Test
    void everyRowIsWhatTheServerReadsFromItsText() throws Exception {
        types();
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            List<String> types = new ArrayList<>(TYPES);
            Collections.shuffle(types, random);
            List<String> some = types.subList(0, 1 + random.nextInt(types.size()));
            List<List<FieldValue>> rows = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                List<FieldValue> row = new ArrayList<>();
                for (String type : some) {
                    String text = canonical(type, random);
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    boolean isContent = bytes.length > RecordCodec.LONGEST_INLINE && random.nextBoolean();
                    row.add(
                            random.nextInt(8) == 0
                                    ? FieldValue.NULL
                                    : isContent
                                            ? FieldValue.content(() -> new ByteArrayInputStream(bytes), bytes.length)
                                            : FieldValue.of(bytes));
                }
                rows.add(row);
            }
            try (Connection connection = connection()) {
                define(connection, some);
                List<Field> fields = fields(some);
                assertThat(ReceivedForm.of(connection, "public.loaded", fields)).isPresent();
                long taken = CopyLoad.run(connection, dialect, LOADED, fields, new Given(fields, rows));
                insert(connection, some, rows);
                assertThat(taken).isEqualTo(rows.size());
                assertThat(dump(connection, "loaded"))
                        .as("seed %d, round %d, types %s", seed, round, some)
                        .isEqualTo(dump(connection, "expected"));
                connection.rollback();
            }
        }
    }

    @Test
    void rowsAfterAnOddOneComeInTextAndNoneIsLost() throws Exception {
        types();
        List<String> types = List.of("date", "text");
        List<List<FieldValue>> rows = new ArrayList<>();
        for (String date : List.of("2024-02-29", "0044-03-15 BC", "2024-03-01", "infinity", "12345-01-01")) {
            rows.add(List.of(FieldValue.text(date), FieldValue.text("x".repeat(5000))));
        }
        try (Connection connection = connection()) {
            define(connection, types);
            assertThat(CopyLoad.run(connection, dialect, LOADED, fields(types), new Given(fields(types), rows)))
                    .isEqualTo(5);
            assertThat(Dialect.strings(connection, "SELECT c0 FROM public.loaded ORDER BY number"))
                    .containsExactly("2024-02-29", "0044-03-15 BC", "2024-03-01", "infinity", "12345-01-01");
        }
    }

    @Test
    void aContentOfAnotherLengthThanToldFails() throws Exception {
        List<String> types = List.of("text");
        for (int told : List.of(5999, 6001)) {
            List<FieldValue> row = List.of(FieldValue.content(() -> new ByteArrayInputStream(new byte[6000]), told));
            try (Connection connection = connection()) {
                define(connection, types);
                assertThatThrownBy(() -> CopyLoad.run(
                                connection, dialect, LOADED, fields(types), new Given(fields(types), List.of(row))))
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void typesAreThoseOfTheDatabaseAndNotOfTheBackup() throws Exception {
        types();
        try (Connection connection = connection()) {
            define(connection, List.of("int8", "bytea", "int4[]", "long_name"));
            Field number = new Field("c0", FieldType.TEXT, "text", Presence.OPTIONAL);
            Field bytes = new Field("c1", FieldType.TEXT, "text", Presence.OPTIONAL);
            Field name = new Field("c3", FieldType.TEXT, "int8", Presence.OPTIONAL);
            assertThat(ReceivedForm.of(connection, "public.loaded", List.of(number, name)))
                    .contains(List.of(ReceivedForm.INT8, ReceivedForm.TEXT));
            assertThat(ReceivedForm.of(connection, "public.loaded", List.of(number, bytes)))
                    .isEmpty();
            assertThat(ReceivedForm.of(connection, "public.loaded", List.of(field(2, "int4[]"))))
                    .isEmpty();
            List<List<FieldValue>> rows = List.of(List.of(FieldValue.text("too long")));
            assertThatThrownBy(() ->
                            CopyLoad.run(connection, dialect, LOADED, List.of(name), new Given(List.of(name), rows)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("long_name");
        }
    }

    private static boolean isKnown(ReceivedForm type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] target = new byte[bytes.length + ReceivedForm.MOST_MORE];
        return type.write(bytes, 0, bytes.length, target, 0) != ReceivedForm.UNKNOWN;
    }

    @Test
    void whatTheServerWouldReadOtherwiseOrRefuseIsNotKnown() {
        for (String text : List.of("", "t", "truth", "1")) {
            assertThat(isKnown(ReceivedForm.TRUTH, text)).as(text).isFalse();
        }
        for (String text : List.of(
                "",
                "-",
                "+1",
                " 1",
                "1 ",
                "1_000",
                "0x1",
                "1.0",
                "9223372036854775808",
                "-9999999999999999999",
                "12345678901234567890")) {
            assertThat(isKnown(ReceivedForm.INT8, text)).as(text).isFalse();
        }
        assertThat(isKnown(ReceivedForm.INT8, "-9223372036854775807")).isTrue();
        assertThat(isKnown(ReceivedForm.INT4, "2147483648")).isFalse();
        assertThat(isKnown(ReceivedForm.INT2, "-32769")).isFalse();
        for (String text : List.of("", "1d", "1e999", "1e-999", "NaN", "Infinity")) {
            assertThat(isKnown(ReceivedForm.FLOAT8, text)).as(text).isFalse();
        }
        assertThat(isKnown(ReceivedForm.FLOAT4, "1e39")).isFalse();
        assertThat(isKnown(ReceivedForm.FLOAT8, "0")).isTrue();
        for (String text : List.of("", "-", ".", "1.", ".5", "1e5", "--1", "1.2.3", "1a", "NaN")) {
            assertThat(isKnown(ReceivedForm.NUMERIC, text)).as(text).isEqualTo(text.equals("1."));
        }
        for (String text : List.of(
                "",
                "2024-02-30",
                "2023-02-29",
                "2024-13-01",
                "2024-00-01",
                "2024-01-00",
                "0000-01-01",
                "2024/01/01",
                "20240101",
                "2024-1-001",
                "2024-01-32")) {
            assertThat(isKnown(ReceivedForm.DATE, text)).as(text).isFalse();
        }
        for (String text : List.of(
                "",
                "24:00:00",
                "12:60:00",
                "12:00:60",
                "12:00",
                "12:00:00.",
                "12:00:00.1234567",
                "12:00:00,1",
                "12:00:00.1x",
                "12-00-00")) {
            assertThat(isKnown(ReceivedForm.TIME, text)).as(text).isFalse();
        }
        for (String text : List.of("", "+00", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00")) {
            assertThat(isKnown(ReceivedForm.TIMESTAMP_WITH_ZONE, text)).as(text).isFalse();
        }
        for (String text : List.of("2024-01-01 00:00:00+01", "2024-01-01 00:00:00-00", "2024-01-01 00:00:00+00:00")) {
            assertThat(isKnown(ReceivedForm.TIMESTAMP_WITH_ZONE, text)).as(text).isFalse();
        }
        for (String text : List.of(
                "",
                "a0eebc999c0b4ef8bb6d6bb9bd380a11",
                "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
                "a0eebc99x9c0b-4ef8-bb6d-6bb9bd380a11",
                "{0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}")) {
            assertThat(isKnown(ReceivedForm.UUID, text)).as(text).isFalse();
        }
        for (char other = 0; other < 127; other++) {
            for (int dash : List.of(8, 13, 18, 23)) {
                StringBuilder text = new StringBuilder("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
                text.setCharAt(dash, other);
                assertThat(isKnown(ReceivedForm.UUID, text.toString()))
                        .as("%s", text)
                        .isEqualTo(other == '-');
            }
        }
        for (String text : List.of("t", "tree", "falls", "TRUE", "f")) {
            assertThat(isKnown(ReceivedForm.TRUTH, text)).as(text).isFalse();
        }
    }
}
