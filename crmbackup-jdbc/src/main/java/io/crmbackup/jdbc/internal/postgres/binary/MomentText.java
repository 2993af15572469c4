package io.crmbackup.jdbc.internal.postgres.binary;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.YearMonth;

/** Dates and times, counted from the first of January 2000 on, as text in the ISO form of PostgreSQL: writes all, and reads those of the years 1 to 9999. */
final class MomentText {
    /** More than the bytes of the longest one. */
    static final int MOST = 48;

    /** Instead of a number: it can't be read. */
    static final long UNKNOWN = Long.MIN_VALUE;

    static final long MICROSECONDS_A_DAY = 86_400_000_000L;

    /** YYYY-MM-DD. */
    static final int DATE_LENGTH = 10;

    /** HH:MM:SS. */
    private static final int TIME_LENGTH = 8;

    private static final long EPOCH = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long MICROSECONDS = 1_000_000;
    private static final int DECIMALS = 6;
    private static final int YEAR_DIGITS = 4;
    private static final byte[] INFINITY = "infinity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MINUS_INFINITY = "-infinity".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE_CHRIST = " BC".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final byte[] GREENWICH = "+00".getBytes(StandardCharsets.US_ASCII);

    private MomentText() {}

    /** Writes a date of so many days; returns where it ends. */
    static int date(int days, byte[] target, int at) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return put(days > 0 ? INFINITY : MINUS_INFINITY, target, at);
        }
        LocalDate date = LocalDate.ofEpochDay(days + EPOCH);
        return era(date, target, day(date, target, at));
    }

    /** Writes a time of day of so many microseconds, at most all of a day's. */
    static int time(long ofDay, byte[] target, int at) {
        int seconds = (int) (ofDay / MICROSECONDS);
        int end = Digits.padded(seconds / 3600, 2, target, at);
        target[end++] = ':';
        end = Digits.padded(seconds / 60 % 60, 2, target, end);
        target[end++] = ':';
        end = Digits.padded(seconds % 60, 2, target, end);
        int fraction = (int) (ofDay % MICROSECONDS);
        if (fraction == 0) {
            return end;
        }
        target[end++] = '.';
        end = Digits.padded(fraction, DECIMALS, target, end);
        while (target[end - 1] == '0') {
            end--;
        }
        return end;
    }

    /** Writes a moment of so many microseconds, without a zone. */
    static int timestamp(long microseconds, byte[] target, int at) {
        return timestamp(microseconds, NOTHING, target, at);
    }

    /** Writes a moment of so many microseconds, in the zone that sessions are set to, which is UTC. */
    static int timestampWithZone(long microseconds, byte[] target, int at) {
        return timestamp(microseconds, GREENWICH, target, at);
    }

    private static int timestamp(long microseconds, byte[] zone, byte[] target, int at) {
        if (microseconds == Long.MAX_VALUE || microseconds == Long.MIN_VALUE) {
            return put(microseconds > 0 ? INFINITY : MINUS_INFINITY, target, at);
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(microseconds, MICROSECONDS_A_DAY) + EPOCH);
        int end = day(date, target, at);
        target[end++] = ' ';
        end = time(Math.floorMod(microseconds, MICROSECONDS_A_DAY), target, end);
        return era(date, target, put(zone, target, end));
    }

    /** The year 0 is the first one before Christ. */
    private static int day(LocalDate date, byte[] target, int at) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        int end = year < 10_000 ? Digits.padded(year, YEAR_DIGITS, target, at) : Digits.integer(year, target, at);
        target[end++] = '-';
        end = Digits.padded(date.getMonthValue(), 2, target, end);
        target[end++] = '-';
        return Digits.padded(date.getDayOfMonth(), 2, target, end);
    }

    private static int era(LocalDate date, byte[] target, int at) {
        return date.getYear() > 0 ? at : put(BEFORE_CHRIST, target, at);
    }

    private static int put(byte[] word, byte[] target, int at) {
        System.arraycopy(word, 0, target, at, word.length);
        return at + word.length;
    }

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
        if (length < TIME_LENGTH || length == TIME_LENGTH + 1 || length > TIME_LENGTH + 1 + DECIMALS) {
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
        return fraction < 0 ? UNKNOWN : (3600L * hours + 60L * minutes + seconds) * MICROSECONDS + fraction;
    }

    private static long fraction(byte[] source, int from, int to) {
        if (source[from] != '.') {
            return UNKNOWN;
        }
        long fraction = 0;
        for (int i = 1; i <= DECIMALS; i++) {
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
