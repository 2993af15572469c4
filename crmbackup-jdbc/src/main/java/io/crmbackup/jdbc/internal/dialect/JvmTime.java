package io.crmbackup.jdbc.internal.dialect;

import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * Dates and times that {@code java.sql} moves to others, as it counts them by the calendar in use at the time and in the time zone of the JVM: a driver that
 * goes through it can't store them.
 */
public final class JvmTime {
    private static final LocalDateTime JULIAN_END = LocalDateTime.of(1582, 10, 5, 0, 0);
    private static final LocalDateTime GREGORIAN_BEGIN = LocalDateTime.of(1582, 10, 15, 0, 0);

    private JvmTime() {}

    /** Whether the calendar reform dropped the date. */
    public static boolean isDropped(LocalDateTime time) {
        return !time.isBefore(JULIAN_END) && time.isBefore(GREGORIAN_BEGIN);
    }

    /** Whether clocks skip the time where the JVM is. */
    public static boolean isSkipped(LocalDateTime time) {
        return ZoneId.systemDefault().getRules().getValidOffsets(time).isEmpty();
    }
}
