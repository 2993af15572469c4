package io.crmbackup.internal.portable;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberTextTest {
    private static @Nullable String exact(String text) {
        return text(NumberText.exact(bytes(text)));
    }

    private static @Nullable String floating(String text) {
        return text(NumberText.floating(bytes(text)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "0.000, 0",
        "-0.0, 0",
        "00, 0",
        "0e99, 0",
        "1, 1",
        "+1, 1",
        "-1, -1",
        "00042, 42",
        "9223372036854775808, 9223372036854775808",
        "100, 1e2",
        "1.50, 15e-1",
        "1.5, 15e-1",
        "-0300.00, -3e2",
        ".5, 5e-1",
        "5., 5",
        "0.001, 1e-3",
        "1E+2, 1e2",
        "1e2, 1e2",
        "1.25e-3, 125e-5",
        "12.50E3, 125e2",
        "1e-6144, 1e-6144",
        "NaN, NaN",
        "Infinity, Infinity",
        "-Infinity, -Infinity"
    })
    void numbersAreTheirValue(String rendered, String form) {
        assertThat(exact(rendered)).isEqualTo(form);
        assertThat(exact(form)).as("the form of a form").isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "1 ",
                " 1",
                "1,5",
                "0x10",
                "1.2.3",
                "--1",
                "1e12345678901",
                "true",
                "nan",
                "١",
                "+Infinity"
            })
    void whatIsNoNumberHasNoForm(String rendered) {
        assertThat(exact(rendered)).isNull();
        assertThat(floating(rendered)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // as PostgreSQL, MariaDB, Java and old versions of PostgreSQL write the same double
        "0.1, 1e-1",
        "1e-1, 1e-1",
        "0.10000000000000001, 1e-1",
        "100, 1e2",
        "1e+02, 1e2",
        "1.98, 198e-2",
        "-0, 0",
        "-0.0, 0",
        "1.7976931348623157e+308, 17976931348623157e292",
        "1.7976931348623157E308, 17976931348623157e292",
        "5e-324, 5e-324",
        "4.9E-324, 5e-324",
        "4.9406564584124654e-324, 5e-324",
        "2.2250738585072014e-308, 22250738585072014e-324",
        "2e-320, 2e-320",
        "9007199254740993, 9007199254740992",
        "123456789012345678, 12345678901234568e1",
        // a power of two: its neighbours below are nearer than those above
        "9.5367431640625E-7, 95367431640625e-20",
        "5.684341886080802e-14, 5684341886080802e-29",
        "5.6843418860808015E-14, 5684341886080802e-29",
        "5.9604644775390625e-08, 5960464477539063e-23",
        "7.120236347223045e-307, 7120236347223045e-322",
        "7.1202363472230444e-307, 7120236347223045e-322",
        "1e-400, 0",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void doublesAreTheirShortestDecimal(String rendered, String form) {
        assertThat(floating(rendered)).isEqualTo(form);
    }

    @Test
    void doublesBeyondTheRangeHaveNoForm() {
        assertThat(floating("1e400")).isNull();
    }

    @Test
    void renderingsOfOneDoubleHaveOneFormThatReadsBackToIt() {
        long seed = 7;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double value = i % 2 == 0
                    ? Double.longBitsToDouble(random.nextLong())
                    : Math.scalb(1.0, random.nextInt(2098) - 1074);
            if (Double.isFinite(value)) {
                String form = floating(Double.toString(value));
                assertThat(form).as("%s, seed %d", value, seed).isNotNull();
                assertThat(Double.parseDouble(String.valueOf(form)))
                        .as("%s, seed %d", form, seed)
                        .isEqualTo(value);
                assertThat(floating(new BigDecimal(value).toString()))
                        .as("%s, seed %d", value, seed)
                        .isEqualTo(form);
            }
        }
    }

    @Test
    void decimalsHaveOneFormExactlyIfTheyAreEqual() {
        long seed = 11;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal one = new BigDecimal(new BigInteger(random.nextInt(40), random), random.nextInt(12) - 4);
            BigDecimal scaled = one.setScale(one.scale() + random.nextInt(4));
            BigDecimal other = one.add(BigDecimal.valueOf(random.nextInt(3) - 1, 9));
            assertThat(exact(scaled.toPlainString()))
                    .as("%s, seed %d", one, seed)
                    .isEqualTo(exact(one.toString()));
            assertThat(String.valueOf(exact(other.toString())).equals(exact(one.toPlainString())))
                    .as("%s and %s, seed %d", one, other, seed)
                    .isEqualTo(one.compareTo(other) == 0);
            assertThat(new BigDecimal(String.valueOf(exact(one.toString())))).isEqualByComparingTo(one);
        }
    }
}
