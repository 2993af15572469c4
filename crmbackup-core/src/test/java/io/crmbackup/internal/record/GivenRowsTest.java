package io.crmbackup.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rows that sources encode. */
class GivenRowsTest {
    private static final RecordSchema SCHEMA = RecordSchema.builder()
            .field(new Field("id", FieldType.INTEGER, "int", Field.Presence.REQUIRED))
            .field("name", FieldType.TEXT)
            .field("note", FieldType.TEXT)
            .key("id")
            .build();

    private final GivenRows rows = new GivenRows(SCHEMA);
    private final RecordCodec codec = new RecordCodec(SCHEMA);

    private byte[] encode(List<FieldValue> values) throws IOException {
        return codec.encode(values, (field, value) -> new byte[RecordCodec.APART_LENGTH]);
    }

    private static List<FieldValue> values(Random random) {
        List<FieldValue> values = new ArrayList<>();
        values.add(FieldValue.number(random.nextInt()));
        for (int i = 0; i < 2; i++) {
            int length = random.nextInt(3) == 0 ? random.nextInt(RecordCodec.LONGEST_INLINE + 1) : random.nextInt(200);
            values.add(random.nextInt(4) == 0 ? FieldValue.NULL : FieldValue.of(new byte[length]));
        }
        return values;
    }

    @Test
    void whatTheCodecMakesIsTakenWithTheLengthOfItsValues() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            List<FieldValue> values = values(random);
            assertThat(rows.valueBytes(encode(values)))
                    .as("round " + round)
                    .isEqualTo(values.stream().mapToLong(FieldValue::length).sum());
        }
    }

    @Test
    void nothingIsTakenThatTheCodecWouldMakeOtherwise() throws IOException {
        long seed = 20261122;
        Random random = new Random(seed);
        int taken = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] row = encode(values(random));
            if (random.nextBoolean()) {
                row = Arrays.copyOf(row, random.nextInt(row.length + 3));
            }
            for (int i = random.nextInt(3); i > 0 && row.length > 0; i--) {
                row[random.nextInt(Math.min(row.length, 20))] = (byte) random.nextInt(256);
            }
            try {
                rows.valueBytes(row);
            } catch (IllegalArgumentException refused) {
                continue;
            }
            taken++;
            List<FieldValue> decoded = codec.decode(row, 0, row.length, (encoded, offset) -> {
                throw new AssertionError("a value that lies apart was taken");
            });
            assertThat(encode(decoded))
                    .as("round " + round + " of seed " + seed)
                    .isEqualTo(row);
        }
        assertThat(taken).isBetween(1000, 19_000);
    }

    @Test
    void requiredAndApartAndSurplusValuesAreNamed() {
        assertThatThrownBy(() -> rows.valueBytes(new byte[] {0, 0, 0})).hasMessageContaining("field id");
        assertThatThrownBy(() -> rows.valueBytes(new byte[] {3, '1', 0})).hasMessageContaining("field note");
        assertThatThrownBy(() -> rows.valueBytes(new byte[] {3, '1', 0, 0, 0})).hasMessageContaining("5 bytes");
        byte[] apart = new byte[3 + 1 + RecordCodec.APART_LENGTH];
        apart[0] = 3;
        apart[2] = 1;
        assertThatThrownBy(() -> rows.valueBytes(apart)).hasMessageContaining("field name");
        RecordSchema file = RecordSchema.builder()
                .field("content", FieldType.CONTENT)
                .pathKey()
                .build();
        assertThatThrownBy(() -> new GivenRows(file).valueBytes(new byte[] {3, 'x'}))
                .hasMessageContaining("field content");
    }
}
