package io.crmbackup.jdbc.internal.postgres.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows of COPY, value by value and in one pass. */
class CopyTextTest {
    private static final List<String> TYPES = List.of("text", "int4", "bool", "bytea", "numeric");
    private static final String LETTERS = "abc \\\t\n\r\b\f\u000bN'é\u0001x";

    private static Column column(String name, String type, boolean required) {
        return new Column(1, name, type, 1, new Column.BaseType(type, 'b', true), required, "", "", null, null);
    }

    private static List<Column> columns(String... types) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            columns.add(column("c" + i, types[i], false));
        }
        return columns;
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] encoded(List<Column> columns, FieldValue... values) throws IOException {
        RecordSchema.Builder schema = RecordSchema.builder();
        columns.forEach(column -> schema.field(column.field()));
        return new RecordCodec(schema.build()).encode(List.of(values), (field, value) -> {
            throw new AssertionError("nothing lies apart");
        });
    }

    @Test
    void aRowIsEncodedAsItsValuesAre() throws IOException {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            List<Column> columns = new ArrayList<>();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                String type = TYPES.get(random.nextInt(TYPES.size()));
                columns.add(column("c" + i, type, false));
                line.writeBytes(bytes((i == 0 ? "" : "\t") + value(type, random)));
            }
            if (random.nextBoolean()) {
                line.write('\n');
            }
            CopyText text = new CopyText(columns);
            byte[] given = text.encode(line.toByteArray());
            FieldValue[] values = text.values(line.toByteArray());
            String what = "round " + round + " of seed " + seed + ": " + line.toString(StandardCharsets.UTF_8);
            assertThat(given).as(what).isEqualTo(encoded(columns, values));
            int index = random.nextInt(count);
            assertThat(text.value(line.toByteArray(), index)).as(what).isEqualTo(values[index]);
        }
    }

    /** As the server writes it. */
    private static String value(String type, Random random) {
        if (random.nextInt(6) == 0) {
            return "\\N";
        }
        switch (type) {
            case "bool":
                return random.nextBoolean() ? "t" : "f";
            case "bytea":
                return "\\\\x" + "00ff7f".repeat(random.nextInt(40));
            case "text":
                StringBuilder text = new StringBuilder();
                int alphabet = random.nextBoolean() ? 3 : LETTERS.length();
                for (int i = random.nextInt(random.nextInt(4) == 0 ? 300 : 20); i > 0; i--) {
                    text.append(escaped(LETTERS.charAt(random.nextInt(alphabet))));
                }
                return text.toString();
            default:
                return Integer.toString(random.nextInt());
        }
    }

    private static String escaped(char letter) {
        int place = "\\\t\n\r\b\f\u000b".indexOf(letter);
        return place < 0 ? String.valueOf(letter) : "\\" + "\\tnrbfv".charAt(place);
    }

    @Test
    void lengthsAroundTheLimitsOfNumbersAndRowsAreRight() throws IOException {
        List<Column> columns = columns("text", "text");
        CopyText text = new CopyText(columns);
        for (int length : new int[] {0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 4095, 4096}) {
            for (String filler : List.of("x", "\\\\")) {
                byte[] line = bytes(filler.repeat(length) + "\tend\n");
                FieldValue value =
                        FieldValue.text(filler.substring(filler.length() - 1).repeat(length));
                assertThat(text.encode(line))
                        .as(length + " " + filler)
                        .isEqualTo(encoded(columns, value, FieldValue.text("end")));
            }
        }
    }

    @Test
    void valuesThatLieApartAndVeryLongRowsAreLeftToBeReadOneByOne() throws IOException {
        CopyText text = new CopyText(columns("text", "text"));
        for (String filler : List.of("x", "\\\\")) {
            byte[] line = bytes(filler.repeat(4097) + "\tend\n");
            byte[] before = line.clone();
            assertThat(text.encode(line)).as(filler).isNull();
            assertThat(line).isEqualTo(before);
            assertThat(text.values(line)[0].length()).isEqualTo(4097);
        }
        String[] types = new String[100];
        Arrays.fill(types, "text");
        String line = "\t" + ("x".repeat(1000) + "\t").repeat(98) + "end";
        assertThat(new CopyText(columns(types)).encode(bytes(line))).isNull();
    }

    @Test
    void rowsThatAreNotAsTheyShouldBeAreLeftToBeRefused() throws IOException {
        CopyText text = new CopyText(columns("text", "int4"));
        for (String line : List.of("a\n", "a\t1\t2\n", "\n")) {
            assertThat(text.encode(bytes(line))).as(line).isNull();
            assertThatThrownBy(() -> text.values(bytes(line))).as(line).isInstanceOf(IOException.class);
        }
        CopyText required = new CopyText(List.of(column("c", "text", true)));
        assertThat(required.encode(bytes("\\N\n"))).isNull();
        assertThat(required.encode(bytes("N\n"))).isNotNull();
        assertThatThrownBy(() -> new CopyText(columns("bool")).encode(bytes("x\n")))
                .hasMessageContaining("neither t nor f");
    }
}
