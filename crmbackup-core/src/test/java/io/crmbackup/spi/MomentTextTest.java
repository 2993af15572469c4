package io.crmbackup.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MomentTextTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-02-29, 2024-02-29", "0001-01-01, 0001-01-01", "0001-01-01 BC, 0000-01-01", "0044-03-15 BC, -0043-03-15",
        "-0043-03-15, -0043-03-15", "4713-01-01 BC, -4712-01-01", "10000-01-01, 10000-01-01",
                "+10000-01-01, 10000-01-01",
        "5874897-12-31, 5874897-12-31", "1582-10-10, 1582-10-10", "0000-01-01, 0000-01-01", "0005-02-29 BC, -0004-02-29"
    })
    void datesAreIso(String rendered, String form) {
        assertThat(text(MomentText.date(bytes(rendered)))).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "infinity",
                "-infinity",
                "0000-00-00",
                "2024-00-15",
                "2024-01-00",
                "2024-13-01",
                "2023-02-29",
                "2024-1-1",
                "24-01-01",
                "2024-01-01 ",
                "2024-01-01 AD",
                "0000-01-01 BC",
                "2024-01-01 00:00:00",
                "20240101",
                "2024-01-01x",
                "123456789-01-01",
                "2024-01"
            })
    void whatIsInNoCalendarHasNoForm(String rendered) {
        assertThat(MomentText.date(bytes(rendered))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "13:45:00, 13:45:00",
        "13:45:00.000000, 13:45:00",
        "13:45:00.120000, 13:45:00.12",
        "13:45, 13:45:00",
        "24:00:00, 24:00:00",
        "838:59:59.000000, 838:59:59",
        "-838:59:59, -838:59:59",
        "-00:00:01.5, -00:00:01.5",
        "-00:00:00, 00:00:00",
        "013:00:00, 13:00:00",
        "13:45:00+02, 13:45:00+02:00",
        "13:45:00+02:00, 13:45:00+02:00",
        "13:45:00.5-0330, 13:45:00.5-03:30",
        "13:45:00Z, 13:45:00+00:00",
        "13:45:00+00, 13:45:00+00:00",
        "13:45:00-00, 13:45:00+00:00",
        "13:45:00+01:02:03, 13:45:00+01:02:03",
        // HSQLDB
        "1:00:00, 01:00:00",
        "2:11:44.000000000, 02:11:44",
        "13:45:00+2:00, 13:45:00+02:00"
    })
    void timesAreIso(String rendered, String form) {
        assertThat(text(MomentText.time(bytes(rendered)))).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "13:60:00",
                "13:45:60",
                "13:45:00.",
                "13",
                "13:45:00 BC",
                "1 day 02:00:00",
                "P1D",
                "13:45:00+",
                "13:45:00+2",
                "13:45:00+02:60"
            })
    void whatIsNoTimeHasNoForm(String rendered) {
        assertThat(MomentText.time(bytes(rendered))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // PostgreSQL, MariaDB, H2, ISO 8601
        "2024-01-01 00:00:00, 2024-01-01 00:00:00", "2024-01-01 00:00:00.000000, 2024-01-01 00:00:00",
        "2024-01-01 00:00:00.100, 2024-01-01 00:00:00.1", "2024-01-01T00:00:00.1, 2024-01-01 00:00:00.1",
        "2024-01-01 00:00:00.123456789, 2024-01-01 00:00:00.123456789", "2024-01-01 07:30, 2024-01-01 07:30:00",
        "0044-03-15 12:00:00 BC, -0043-03-15 12:00:00", "294276-12-31 23:59:59.999999, 294276-12-31 23:59:59.999999"
    })
    void timestampsAreIso(String rendered, String form) {
        assertThat(text(MomentText.local(bytes(rendered)))).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "infinity",
                "0000-00-00 00:00:00",
                "2024-01-01",
                "2024-01-01 24:00:00",
                "2024-01-01 00:00:00+00",
                "2024-01-01  00:00:00",
                "2024-01-01 00:00:00Z"
            })
    void whatIsNoTimestampHasNoForm(String rendered) {
        assertThat(MomentText.local(bytes(rendered))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        // PostgreSQL in some zones, H2, MariaDB in UTC, ISO 8601
        "2024-01-01 00:00:00+00, 2024-01-01 00:00:00Z", "2024-01-01 05:30:00.500+05:30, 2024-01-01 00:00:00.5Z",
        "2023-12-31 23:00:00-01, 2024-01-01 00:00:00Z", "2024-01-01 00:00:00.000000, 2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00Z, 2024-01-01 00:00:00Z", "2024-03-01 00:30:00+01, 2024-02-29 23:30:00Z",
        "0001-01-01 00:00:00+01, 0000-12-31 23:00:00Z", "0001-12-31 23:59:59-00:00:01 BC, 0001-01-01 00:00:00Z",
        "1890-01-01 00:19:32+00:19:32, 1890-01-01 00:00:00Z"
    })
    void instantsAreInUtc(String rendered, String form) {
        assertThat(text(MomentText.instant(bytes(rendered)))).isEqualTo(form);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-infinity",
                "2024-01-01",
                "2024-01-01 00:00:00 UTC",
                "2024-02-30 00:00:00+00",
                "0000-00-00 00:00:00.000000"
            })
    void whatIsNoInstantHasNoForm(String rendered) {
        assertThat(MomentText.instant(bytes(rendered))).isNull();
    }
}
