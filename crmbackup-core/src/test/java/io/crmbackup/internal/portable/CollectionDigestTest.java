package io.crmbackup.internal.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.PortableDigest.Treatment;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CollectionDigestTest {
    private static final Map<String, String> NO_ATTRIBUTES = Map.of();

    private static Field field(String name, FieldType type, String nativeType) {
        return new Field(name, type, nativeType, Field.Presence.OPTIONAL);
    }

    private static RecordSchema schema(Field... fields) {
        RecordSchema.Builder schema = RecordSchema.builder();
        Arrays.stream(fields).forEach(schema::field);
        return schema.build();
    }

    private static PortableDigest digest(RecordSchema schema, List<List<FieldValue>> rows) throws IOException {
        CollectionDigest digest = new CollectionDigest(schema, NO_ATTRIBUTES);
        for (List<FieldValue> row : rows) {
            digest.add(null, row);
        }
        return digest.report("db", "t");
    }

    /** The digest of one record with one value. */
    private static PortableDigest digest(FieldType type, String nativeType, FieldValue value) throws IOException {
        return digest(schema(field("f", type, nativeType)), List.of(List.of(value)));
    }

    private static PortableDigest digest(FieldType type, String nativeType, String value) throws IOException {
        return digest(type, nativeType, FieldValue.text(value));
    }

    /** What the document of the format says, for one record with the field "f". */
    private static String described(char kind, String form) throws Exception {
        return described(List.of(("f\0\1" + kind + form + "\0\1").getBytes(StandardCharsets.UTF_8)));
    }

    private static String described(List<byte[]> records) throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        BigInteger sum = BigInteger.ZERO;
        for (byte[] record : records) {
            sum = sum.add(new BigInteger(1, sha.digest(record)));
        }
        byte[] low = sum.toByteArray();
        ByteBuffer whole = ByteBuffer.allocate(20 + 8 + 32);
        whole.put("crmbackup/portable/1".getBytes(StandardCharsets.US_ASCII)).putLong(records.size());
        for (int i = 31; i >= 0; i--) {
            whole.put(i < low.length ? low[low.length - 1 - i] : 0);
        }
        return HexFormat.of().formatHex(sha.digest(whole.array()));
    }

    @ParameterizedTest
    @CsvSource({
        // type, its name in the system, as rendered, kind, form
        "BOOLEAN, boolean, true, n, 1",
        "BOOLEAN, BOOLEAN, false, n, 0",
        "INTEGER, tinyint(1), 1, n, 1",
        "DYNAMIC, BOOLEAN, i1, n, 1",
        "INTEGER, bigint, -300, n, -3e2",
        "DYNAMIC, INTEGER, i-300, n, -3e2",
        "'DECIMAL', 'numeric(10,2)', 1.50, n, 15e-1",
        "DYNAMIC, 'NUMERIC(10,2)', r1.5, n, 15e-1",
        "DYNAMIC, 'DECIMAL(10,2)', t1.50, n, 15e-1",
        "DYNAMIC, 'DECIMAL TEXT(30,10)', t1.50, n, 15e-1",
        "DYNAMIC, JSON TEXT, t5, t, 5",
        "DECIMAL, numeric, NaN, n, NaN",
        "FLOAT, double precision, 0.10000000000000001, n, 1e-1",
        "DYNAMIC, REAL, r0.1, n, 1e-1",
        "TEXT, text, 1.50, t, 1.50",
        "DYNAMIC, TEXT, t1.50, t, 1.50",
        "TEXT, character varying(9), 'ab  ', t, 'ab  '",
        "TEXT, character(9), 'a b      ', t, a b",
        "TEXT, CHARACTER(9), 'a b      ', t, a b",
        "TEXT, char(9), a b, t, a b",
        "DYNAMIC, CHAR(9), 'ta b ', t, a b",
        "TEXT, CHARACTER LARGE OBJECT, 'ab  ', t, 'ab  '",
        "DATE, date, 2024-01-31, t, 2024-01-31",
        "DYNAMIC, DATE, t2024-01-31, t, 2024-01-31",
        "TIME, time without time zone, 13:45:00.50, t, 13:45:00.5",
        "TIMESTAMP, datetime(6), 2024-01-01 00:00:00.000000, t, 2024-01-01 00:00:00",
        "DYNAMIC, DATETIME, t2024-01-01 00:00:00.000, t, 2024-01-01 00:00:00",
        "DYNAMIC, DATETIME, tyesterday, t, yesterday",
        "DYNAMIC, DATETIME, i1700000000, n, 17e8",
        "DYNAMIC, TEXT, t2024-01-01 00:00:00.000, t, 2024-01-01 00:00:00.000",
        "TIMESTAMP_WITH_ZONE, timestamp with time zone, 2024-01-01 02:00:00+02, t, 2024-01-01 00:00:00Z",
        "TIMESTAMP_WITH_ZONE, timestamp, 2024-01-01 00:00:00.000000, t, 2024-01-01 00:00:00Z",
        "DYNAMIC, TIMESTAMPTZ, t2024-01-01T00:00:00Z, t, 2024-01-01 00:00:00Z",
        "UUID, uuid, 0F6D1F6A-5B1C-4A53-8E57-0A1B2C3D4E5F, t, 0f6d1f6a-5b1c-4a53-8e57-0a1b2c3d4e5f",
        "TEXT, char(36), 0f6d1f6a-5b1c-4a53-8e57-0a1b2c3d4e5f, t, 0f6d1f6a-5b1c-4a53-8e57-0a1b2c3d4e5f",
        "'JSON', jsonb, '{\"b\": 1, \"a\": 2}', t, '{\"a\":2,\"b\":1}'",
        "BYTES, bytea, ab, b, ab",
        "DYNAMIC, BLOB, bab, b, ab",
        "DYNAMIC, INTEGER, bab, b, ab",
        "CONTENT, '', ab, b, ab",
    })
    void valuesHaveTheFormThatTheFormatDescribes(
            FieldType type, String nativeType, String rendered, char kind, String form) throws Exception {
        PortableDigest digest = digest(type, nativeType, rendered);
        assertThat(digest.digest()).isEqualTo(described(kind, form));
        assertThat(digest.unportable()).isEmpty();
        byte[] bytes = rendered.getBytes(StandardCharsets.UTF_8);
        assertThat(digest(type, nativeType, FieldValue.content(() -> drop(bytes), -1)))
                .as("read as a stream")
                .isEqualTo(digest);
    }

    /** A stream that gives a byte at a time. */
    private static InputStream drop(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "BOOLEAN, boolean, t",
        "INTEGER, bigint, x",
        "DATE, date, infinity",
        "DATE, date, 0000-00-00",
        "TIMESTAMP, datetime, 2024-00-00 00:00:00",
        "TIME, interval, 1 mon",
        "UUID, uuid, x",
        "JSON, json, '{\"a\":1,\"a\":2}'",
        "DYNAMIC, TEXT, x?"
    })
    void valuesWithoutFormGoAsTheyAreAndAreNamed(FieldType type, String nativeType, String rendered) throws Exception {
        PortableDigest digest = digest(type, nativeType, rendered);
        assertThat(digest.digest()).isEqualTo(described('?', rendered));
        assertThat(digest.unportable())
                .containsExactly(new PortableDigest.Unportable("f", type, nativeType, 1, Treatment.AS_RENDERED));
    }

    @ParameterizedTest
    @CsvSource({"OTHER, tsvector", "BYTES, 'GEOMETRY(POINT)'", "BYTES, JAVA_OBJECT", "BYTES, multipolygon"})
    void fieldsOfTypesWithoutFormAreLeftOutAndNamed(FieldType type, String nativeType) throws Exception {
        RecordSchema schema = schema(field("f", FieldType.TEXT, ""), field("g", type, nativeType));
        FieldValue x = FieldValue.text("x");
        PortableDigest digest = digest(schema, List.of(List.of(x, x), List.of(x, FieldValue.NULL)));
        assertThat(digest.digest())
                .isEqualTo(digest(schema(field("f", FieldType.TEXT, "")), List.of(List.of(x), List.of(x)))
                        .digest());
        assertThat(digest.unportable())
                .containsExactly(new PortableDigest.Unportable("g", type, nativeType, 1, Treatment.LEFT_OUT));
    }

    @Test
    void textInOtherEncodingsThanUtf8IsNotPortableButNumbersAre() throws Exception {
        CollectionDigest digest =
                new CollectionDigest(schema(field("f", FieldType.DYNAMIC, "TEXT")), Map.of("encoding", "UTF-16le"));
        digest.add(null, List.of(FieldValue.text("ta\0")));
        digest.add(null, List.of(FieldValue.text("i1")));
        assertThat(digest.report("db", "t").unportable())
                .containsExactly(
                        new PortableDigest.Unportable("f", FieldType.DYNAMIC, "TEXT", 1, Treatment.AS_RENDERED));
    }

    @Test
    void recordsAreTheirFieldsByNameAndNotByPlaceOrCase() throws Exception {
        RecordSchema one = schema(field("Id", FieldType.INTEGER, ""), field("NAME", FieldType.TEXT, ""));
        RecordSchema other = schema(field("name", FieldType.TEXT, ""), field("id", FieldType.INTEGER, ""));
        PortableDigest digest = digest(one, List.of(List.of(FieldValue.number(7), FieldValue.text("a\0b"))));
        assertThat(digest.digest())
                .isEqualTo(described(List.of(
                        "id\0\1n7\0\1name\0\1ta\0?b\0\1".replace("?", "\u00ff").getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo(digest(other, List.of(List.of(FieldValue.text("a\0b"), FieldValue.number(7))))
                        .digest());
    }

    @Test
    void exampleOfTheFormatIsTrue() throws Exception {
        RecordSchema schema = schema(field("ID", FieldType.INTEGER, ""), field("Name", FieldType.TEXT, ""));
        PortableDigest digest = digest(
                schema,
                List.of(
                        List.of(FieldValue.number(8), FieldValue.NULL),
                        List.of(FieldValue.number(7), FieldValue.text("Ada"))));
        assertThat(digest.digest()).isEqualTo("a7e79386b695e8309dc984d006e7c059cedef2b1be96a2101daf54f54dd10ce0");
    }

    @Test
    void noValueIsNeitherAnEmptyOneNorAnotherFieldsValue() throws Exception {
        RecordSchema schema = schema(field("a", FieldType.TEXT, ""), field("b", FieldType.TEXT, ""));
        FieldValue x = FieldValue.text("x");
        FieldValue empty = FieldValue.text("");
        List<String> digests = new ArrayList<>();
        for (List<FieldValue> row : List.of(
                List.of(x, FieldValue.NULL),
                List.of(FieldValue.NULL, x),
                List.of(x, empty),
                List.of(empty, x),
                List.of(FieldValue.NULL, FieldValue.NULL))) {
            digests.add(digest(schema, List.of(row)).digest());
        }
        digests.add(digest(schema, List.of()).digest());
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void lengthsCannotBeMovedFromOneValueToTheNext() throws Exception {
        RecordSchema schema = schema(field("a", FieldType.BYTES, ""), field("b", FieldType.BYTES, ""));
        byte[] whole = {1, 0, 1, 'b', 0, 1, 'b', 0, (byte) 0xff, 0, 1};
        List<String> digests = new ArrayList<>();
        for (int cut = 0; cut <= whole.length; cut++) {
            FieldValue begin = FieldValue.of(Arrays.copyOf(whole, cut));
            FieldValue end = FieldValue.of(Arrays.copyOfRange(whole, cut, whole.length));
            digests.add(digest(schema, List.of(List.of(begin, end))).digest());
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void orderOfRecordsDoesNotCountRepetitionDoes() throws Exception {
        long seed = 3;
        Random random = new Random(seed);
        RecordSchema schema = schema(field("f", FieldType.INTEGER, ""));
        List<List<FieldValue>> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(List.of(FieldValue.number(random.nextInt(100))));
        }
        PortableDigest digest = digest(schema, rows);
        assertThat(digest.records()).isEqualTo(500);
        List<byte[]> described = new ArrayList<>();
        for (List<FieldValue> row : rows) {
            String form = new String(
                    java.util.Objects.requireNonNull(NumberText.exact(row.get(0).bytes())), StandardCharsets.US_ASCII);
            described.add(("f\0\1n" + form + "\0\1").getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(digest.digest()).isEqualTo(described(described));
        for (int round = 0; round < 5; round++) {
            Collections.shuffle(rows, random);
            assertThat(digest(schema, rows))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(digest);
        }
        rows.set(0, rows.get(1).equals(rows.get(0)) ? List.of(FieldValue.number(1000)) : rows.get(1));
        assertThat(digest(schema, rows).digest()).isNotEqualTo(digest.digest());
    }

    @Test
    void everyBitCounts() throws Exception {
        long seed = 5;
        Random random = new Random(seed);
        byte[] bytes = new byte[20_000];
        random.nextBytes(bytes);
        String digest = digest(FieldType.BYTES, "", FieldValue.of(bytes)).digest();
        for (int i = 0; i < 200; i++) {
            int at = i == 0 ? 0 : i == 1 ? bytes.length - 1 : random.nextInt(bytes.length);
            byte[] other = bytes.clone();
            other[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(digest(FieldType.BYTES, "", FieldValue.of(other)).digest())
                    .as("seed %d, byte %d", seed, at)
                    .isNotEqualTo(digest);
        }
    }

    @Test
    void spacesWithinLongFixedTextStay() throws Exception {
        String text = "a" + " ".repeat(40_000) + "b" + " ".repeat(3);
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        String expected = described('t', text.stripTrailing());
        assertThat(digest(FieldType.TEXT, "CHARACTER(50000)", FieldValue.of(bytes))
                        .digest())
                .isEqualTo(expected);
        assertThat(digest(
                                FieldType.TEXT,
                                "CHARACTER(50000)",
                                FieldValue.content(() -> new ByteArrayInputStream(bytes), -1))
                        .digest())
                .isEqualTo(expected);
    }

    @Test
    void documentsBeyondTheLimitGoAsTheyAreWithoutBeingHeld() throws Exception {
        int half = WholeForm.LONGEST;
        byte[] document = ("\"" + "x".repeat(2 * half) + "\"").getBytes(StandardCharsets.US_ASCII);
        PortableDigest digest =
                digest(FieldType.JSON, "json", FieldValue.content(() -> new ByteArrayInputStream(document), -1));
        assertThat(digest.digest()).isEqualTo(described('?', new String(document, StandardCharsets.US_ASCII)));
        assertThat(digest.unportable()).hasSize(1);
        assertThat(digest(FieldType.JSON, "json", FieldValue.of(document)))
                .as("given at once")
                .isEqualTo(digest);
    }

    @Test
    void pathsCount() throws Exception {
        RecordSchema files = RecordSchema.builder()
                .field("content", FieldType.CONTENT)
                .pathKey()
                .build();
        List<String> digests = new ArrayList<>();
        for (String path : List.of("a/b", "a/c")) {
            CollectionDigest digest = new CollectionDigest(files, NO_ATTRIBUTES);
            assertThat(digest.needsKeys()).isTrue();
            digest.add(RecordKey.path(path), List.of(FieldValue.text("x")));
            digests.add(digest.report("files", "files").digest());
        }
        assertThat(digests).doesNotHaveDuplicates();
        byte[] record = "\0\1ba\0?b\0\1content\0\1bx\0\1".replace("?", "\u00ff").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(digests.get(0)).isEqualTo(described(List.of(record)));
    }

    @Test
    void sumsCarryOverAllWords() throws Exception {
        RecordSum sum = new RecordSum();
        byte[] all = new byte[32];
        Arrays.fill(all, (byte) 0xff);
        byte[] one = new byte[32];
        one[31] = 1;
        sum.add(all);
        sum.add(one);
        RecordSum zeros = new RecordSum();
        zeros.add(new byte[32]);
        zeros.add(new byte[32]);
        assertThat(sum.digest()).isEqualTo(zeros.digest());
        sum.add(all);
        sum.add(all);
        zeros.add(all);
        assertThat(sum.digest()).isNotEqualTo(zeros.digest());
    }
}
