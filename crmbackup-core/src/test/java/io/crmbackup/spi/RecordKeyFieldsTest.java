package io.crmbackup.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordKeyFieldsTest {
    private static final RecordSchema SCHEMA = RecordSchema.builder()
            .field("note", FieldType.TEXT)
            .field("code", FieldType.BYTES)
            .field("id", FieldType.INTEGER)
            .field("name", FieldType.TEXT)
            .key("id", "code", "name")
            .build();

    @Test
    void fieldsOfAKeyAreTheValuesThatItWasMadeOf() {
        long seed = 4;
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] code = new byte[random.nextInt(6)];
            for (int j = 0; j < code.length; j++) {
                code[j] = (byte) (random.nextInt(4) - 1);
            }
            FieldValue id = FieldValue.number(random.nextLong() >> random.nextInt(64));
            FieldValue name = random.nextInt(5) == 0 ? FieldValue.NULL : FieldValue.text("n\0" + random.nextInt());
            List<FieldValue> values = List.of(FieldValue.text("note"), FieldValue.of(code), id, name);
            assertThat(RecordKey.of(SCHEMA, values).fields(SCHEMA))
                    .as("seed %d, key %d", seed, i)
                    .containsExactly(id, FieldValue.of(code), name);
        }
    }

    @Test
    void integersGiveTheSameKeyHoweverTheyAreWrittenAndHoweverManyDigitsTheyHave() {
        RecordSchema schema =
                RecordSchema.builder().field("id", FieldType.INTEGER).key("id").build();
        List<String> texts = new ArrayList<>(List.of("0", "-0", "+7", "007", "-12", "999999999999999999"));
        BigInteger power = BigInteger.ONE;
        for (int bits = 0; bits < 100; bits++, power = power.shiftLeft(1)) {
            for (BigInteger each : List.of(power, power.subtract(BigInteger.ONE), power.negate())) {
                texts.add(each.toString());
            }
        }
        for (String text : texts) {
            assertThat(RecordKey.of(schema, List.of(FieldValue.text(text))))
                    .as(text)
                    .isEqualTo(new RecordKey.Builder()
                            .addInteger(new BigInteger(text))
                            .build());
        }
        for (String text : List.of("", "-", "1.0", "12x", "--1")) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> RecordKey.of(schema, List.of(FieldValue.text(text))));
        }
    }

    @Test
    void whatIsNoKeyOfSuchRecordsIsRefused() {
        byte[] key = RecordKey.of(
                        SCHEMA,
                        List.of(
                                FieldValue.NULL,
                                FieldValue.of(new byte[] {0, 1}),
                                FieldValue.number(-300),
                                FieldValue.text("x")))
                .bytes();
        for (int length = 1; length < key.length; length++) {
            RecordKey cut = RecordKey.of(Arrays.copyOf(key, length));
            assertThatIllegalArgumentException().isThrownBy(() -> cut.fields(SCHEMA));
        }
        RecordKey longer = RecordKey.of(Arrays.copyOf(key, key.length + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> longer.fields(SCHEMA));
        RecordKey other = RecordKey.of(new byte[] {2, 0, 1, 2, 0, 1, 2, 0, 1});
        assertThatIllegalArgumentException().isThrownBy(() -> other.fields(SCHEMA));
    }
}
