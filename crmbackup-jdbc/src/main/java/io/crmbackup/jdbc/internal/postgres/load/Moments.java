package io.crmbackup.jdbc.internal.postgres.load;

import java.time.LocalDate;
import java.time.YearMonth;

/** Reads dates and times in the ISO form of PostgreSQL, of the years 1 to 9999, as numbers from the first of January 2000 on. */
final class Moments {
    /** Instead of a number. */
    static final long UNKNOWN = Long.MIN_VALUE;

    /** YYYY-MM-DD. */
    static final int DATE_LENGTH = 10;

    /** HH:MM:SS. */
    private static final int TIME_LENGTH = 8;

    private static final int MOST_DECIMALS = 6;
    private static final long EPOCH = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long MICROSECONDS = 1_000_000;
    private static final long MICROSECONDS_A_DAY = 86_400 * MICROSECONDS;

    private Moments() {}

    /** The days of a date of ten characters. */
    static long days(byte[] source, int from) {
        int century = pair(source, from);
        int year = pair(source, from + 2);
        int month = pair(source, from + 5);
        int day = pair(source, from + 8);
        boolean isDate = (century | year | month | day) >= 0 && source[from + 4] == '-' && source[from + 7] == '-';
        if (!isDate || century + year == 0 || month < 1 || month > 12 || day < 1) {
            return UNKNOWN;
        }
        int fullYear = 100 * century + year;
        if (day > 28 && day > YearMonth.of(fullYear, month).lengthOfMonth()) {
            return UNKNOWN;
        }
        return LocalDate.of(fullYear, month, day).toEpochDay() - EPOCH;
    }

    /** The microseconds of a time of day. */
    static long ofDay(byte[] source, int from, int to) {
        int length = to - from;
        if (length < TIME_LENGTH || length == TIME_LENGTH + 1 || length > TIME_LENGTH + 1 + MOST_DECIMALS) {
            return UNKNOWN;
        }
        int hours = pair(source, from);
        int minutes = pair(source, from + 3);
        int seconds = pair(source, from + 6);
        boolean isTime = (hours | minutes | seconds) >= 0 && source[from + 2] == ':' && source[from + 5] == ':';
        if (!isTime || hours > 23 || minutes > 59 || seconds > 59) {
            return UNKNOWN;
        }
        long fraction = 0;
        if (length > TIME_LENGTH) {
            fraction = fraction(source, from + TIME_LENGTH, to);
        }
        return fraction < 0 ? UNKNOWN : (3600L * hours + 60 * minutes + seconds) * MICROSECONDS + fraction;
    }

    private static long fraction(byte[] source, int from, int to) {
        if (source[from] != '.') {
            return UNKNOWN;
        }
        long fraction = 0;
        for (int i = 1; i <= MOST_DECIMALS; i++) {
            int digit = from + i < to ? source[from + i] - '0' : 0;
            if (digit < 0 || digit > 9) {
                return UNKNOWN;
            }
            fraction = 10 * fraction + digit;
        }
        return fraction;
    }

    /** The microseconds of a date and a time of day. */
    static long timestamp(byte[] source, int from, int to) {
        int time = from + DATE_LENGTH + 1;
        if (to < time || source[time - 1] != ' ') {
            return UNKNOWN;
        }
        long days = days(source, from);
        long ofDay = ofDay(source, time, to);
        return days == UNKNOWN || ofDay == UNKNOWN ? UNKNOWN : days * MICROSECONDS_A_DAY + ofDay;
    }

    /** The number that two digits are; negative if they are not two. */
    private static int pair(byte[] source, int at) {
        int tens = source[at] - '0';
        int ones = source[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : 10 * tens + ones;
    }
}
