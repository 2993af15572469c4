package io.crmbackup.jdbc.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatTextTest {
    @Test
    void textIsTheSameOnEveryJava() {
        assertThat(FloatText.of(2E-3)).isEqualTo("0.002");
        assertThat(FloatText.of(5.6843418860808015E-14)).isEqualTo("5.6843418860808015E-14");
        assertThat(FloatText.of(1E23)).isEqualTo("1E+23");
        assertThat(FloatText.of(0.1)).isEqualTo("0.1");
        assertThat(FloatText.of(0.1f)).isEqualTo("0.1");
        assertThat(FloatText.of(16777216f)).isEqualTo("16777216");
        assertThat(FloatText.of(-0.0)).isEqualTo("-0.0");
        assertThat(FloatText.of(0.0)).isEqualTo("0");
        assertThat(FloatText.of(Double.MIN_VALUE)).isEqualTo("5E-324");
        assertThat(FloatText.of(Double.NaN)).isEqualTo("NaN");
        assertThat(FloatText.of(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(FloatText.of(9007199254740993.0)).isEqualTo("9007199254740992");
    }

    @Test
    void textReadsBackToTheSameBits() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            double wide = Double.longBitsToDouble(random.nextLong());
            float single = Float.intBitsToFloat(random.nextInt());
            double decimal = random.nextInt(1_000_000_000) / 1000.0;
            assertThat(Double.doubleToLongBits(Double.parseDouble(FloatText.of(wide))))
                    .as("seed 11, round " + i)
                    .isEqualTo(Double.doubleToLongBits(wide));
            assertThat(Float.floatToIntBits(Float.parseFloat(FloatText.of(single))))
                    .as("seed 11, round " + i)
                    .isEqualTo(Float.floatToIntBits(single));
            assertThat(FloatText.of(decimal).length()).as("seed 11, round " + i).isLessThanOrEqualTo(11);
        }
    }
}
