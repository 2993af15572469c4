package io.crmbackup.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    private static boolean applies(FieldType type, FieldValue value, String condition) {
        RecordSchema schema = RecordSchema.builder()
                .field("id", FieldType.INTEGER)
                .field("kind", type)
                .build();
        return new Reference("", List.of("id"), "other", List.of("id"), Map.of("kind", condition))
                .appliesTo(schema, List.of(FieldValue.number(1), value));
    }

    @Test
    void conditionsAreComparedAsText() {
        assertThat(applies(FieldType.TEXT, FieldValue.text("Contact"), "Contact"))
                .isTrue();
        assertThat(applies(FieldType.TEXT, FieldValue.text("contact"), "Contact"))
                .isFalse();
        assertThat(applies(FieldType.BYTES, FieldValue.of(new byte[] {0x1f, 0}), "1f00"))
                .isTrue();
        assertThat(applies(FieldType.DYNAMIC, FieldValue.text("i7"), "7")).isTrue();
        assertThat(applies(FieldType.DYNAMIC, FieldValue.of("b7".getBytes(StandardCharsets.UTF_8)), "37"))
                .isTrue();
    }

    @Test
    void noValueMeetsNoCondition() {
        assertThat(applies(FieldType.TEXT, FieldValue.text(""), "")).isTrue();
        assertThat(applies(FieldType.TEXT, FieldValue.NULL, "")).isFalse();
    }
}
