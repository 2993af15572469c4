package io.crmbackup.jdbc.internal.postgres.binary;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Renders dates and times, counted from the first of January 2000 on, in the ISO form of PostgreSQL. */
final class MomentText {
    /** More than the bytes of the longest one. */
    static final int MOST = 48;

    private static final long EPOCH = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final int MICROSECONDS = 1_000_000;
    private static final int DECIMALS = 6;
    static final long MICROSECONDS_A_DAY = 86_400L * MICROSECONDS;
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
}
