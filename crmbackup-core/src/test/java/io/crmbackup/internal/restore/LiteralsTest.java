package io.crmbackup.internal.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.LimitExceededException;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import org.junit.jupiter.api.Test;

class LiteralsTest {
    private static boolean matches(FieldType type, String stored, String text) {
        return Literals.matches(Field.of("f", type), FieldValue.text(stored), text);
    }

    @Test
    void numbersAreEqualWhateverTheirScale() {
        assertThat(matches(FieldType.DECIMAL, "10.00", "1E+1")).isTrue();
        assertThat(matches(FieldType.DECIMAL, "0.00", "-0")).isTrue();
        assertThat(matches(FieldType.INTEGER, "7", "+007")).isTrue();
        assertThat(matches(FieldType.FLOAT, "NaN", "NaN")).isTrue();
        assertThat(matches(FieldType.DECIMAL, "10.00", "10.001")).isFalse();
        assertThat(matches(FieldType.TEXT, "10.00", "10")).isFalse();
    }

    @Test
    void numbersWithHugeExponentsAreNotExpanded() {
        assertThat(matches(FieldType.DECIMAL, "1", "1E+999999999")).isFalse();
        assertThat(matches(FieldType.DYNAMIC, "r1.0", "1e2147483647")).isFalse();
    }

    @Test
    void valuesThatBringTheirTypeMatchByIt() {
        assertThat(matches(FieldType.DYNAMIC, "i12", "0012")).isTrue();
        assertThat(matches(FieldType.DYNAMIC, "t12", "0012")).isFalse();
        assertThat(matches(FieldType.DYNAMIC, "t0012", "0012")).isTrue();
    }

    @Test
    void tooManySingleRecordsAreRefused() {
        RecordPlaces places = new RecordPlaces(2);
        places.add("t", new byte[] {1}, Role.CHOSEN);
        places.add("u", new byte[] {1}, Role.CHOSEN);
        assertThat(places.add("u", new byte[] {1}, Role.CHOSEN)).isFalse();
        assertThatThrownBy(() -> places.add("u", new byte[] {2}, Role.CHOSEN))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("more than 2 records")
                .hasMessageContaining("select whole collections");
    }
}
