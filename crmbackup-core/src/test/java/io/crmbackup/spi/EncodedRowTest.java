package io.crmbackup.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Field.Presence;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncodedRowTest {
    private static final RecordSchema SCHEMA = RecordSchema.builder()
            .field(new Field("a", FieldType.TEXT, "text", Presence.OPTIONAL))
            .field(new Field("b", FieldType.TEXT, "text", Presence.OPTIONAL))
            .build();

    private static byte[] encoded(FieldValue... values) throws IOException {
        return new RecordCodec(SCHEMA).encode(List.of(values), (field, value) -> new byte[RecordCodec.APART_LENGTH]);
    }

    private static EncodedRow row(byte[] bytes) {
        return new EncodedRow(bytes, 0, bytes.length);
    }

    @Test
    void rowOfValuesIsWhole() throws IOException {
        for (int length : new int[] {0, 1, 125, 126, RecordCodec.LONGEST_INLINE}) {
            byte[] row = encoded(FieldValue.NULL, FieldValue.of(new byte[length]));
            assertThat(row(row).isWhole(2)).as("a value of %s bytes", length).isTrue();
        }
    }

    @Test
    void rowWithValueApartIsNotWhole() throws IOException {
        byte[] content = "x".repeat(9000).getBytes(StandardCharsets.UTF_8);
        FieldValue apart = FieldValue.content(() -> new ByteArrayInputStream(content), content.length);
        assertThat(row(encoded(apart, FieldValue.NULL)).isWhole(2)).isFalse();
    }

    @Test
    void rowOfMoreOrFewerFieldsIsNotWhole() throws IOException {
        EncodedRow row = row(encoded(FieldValue.text("one"), FieldValue.text("two")));
        assertThat(row.isWhole(1)).isFalse();
        assertThat(row.isWhole(3)).isFalse();
    }

    @Test
    void rowThatGoesOnBehindItsEndIsNotWhole() throws IOException {
        byte[] bytes = encoded(FieldValue.text("one"), FieldValue.of(new byte[200]));
        for (int end = 0; end < bytes.length; end++) {
            assertThat(new EncodedRow(bytes, 0, end).isWhole(2))
                    .as("its first %s bytes", end)
                    .isFalse();
        }
    }

    @Test
    void placesOutsideOfTheArrayAreRefused() {
        assertThatThrownBy(() -> new EncodedRow(new byte[3], 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new EncodedRow(new byte[3], 2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
