package io.crmbackup.spi;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times as ISO 8601 with a space before the time, years by the proleptic Gregorian calendar, of which year 0 is 1 BC, fractions of
 * seconds without zeros at their end. Reads what PostgreSQL ({@code 0044-03-15 12:00:00+00 BC}), MariaDB, H2, SQLite and ISO 8601 write. Each method
 * returns null for what is no such value, as dates with a month 0 and infinity. These are the forms by which values of different systems are compared
 * and carried over from one to the other.
 */
public final class MomentText {
    private static final int MOST_YEAR_DIGITS = 8;
    private static final int MOST_HOUR_DIGITS = 9;
    private static final int MOST_FRACTION_DIGITS = 30;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * 60;

    private final byte[] text;
    private int at;
    private int year;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private String fraction = "";
    private boolean zoned;
    private int offset;

    private MomentText(byte[] text) {
        this.text = text;
    }

    /** {@code 2024-01-31}. */
    public static byte @Nullable [] date(byte[] text) {
        MomentText moment = new MomentText(text);
        return moment.parseDate() && moment.parseEnd() && moment.isDate() ? bytes(moment.day()) : null;
    }

    /** {@code 13:45:00.5}, of any number of hours, with {@code -} before it if negative, and {@code +02:00} after it if it has an offset. */
    public static byte @Nullable [] time(byte[] text) {
        MomentText moment = new MomentText(text);
        boolean negative = moment.accept('-');
        if (!moment.parseTime(1, MOST_HOUR_DIGITS) || !moment.parseOffset() || moment.at < text.length) {
            return null;
        }
        boolean zero = moment.hour + moment.minute + moment.second == 0 && moment.fraction.isEmpty();
        return bytes((negative && !zero ? "-" : "") + moment.clock() + (moment.zoned ? moment.zone() : ""));
    }

    /** {@code 2024-01-31 13:45:00.5}; a zone is not allowed. */
    public static byte @Nullable [] local(byte[] text) {
        MomentText moment = new MomentText(text);
        return moment.parseMoment() && !moment.zoned ? bytes(moment.day() + " " + moment.clock()) : null;
    }

    /** {@code 2024-01-31 11:45:00.5Z}, in UTC; what names no zone is in UTC. */
    public static byte @Nullable [] instant(byte[] text) {
        MomentText moment = new MomentText(text);
        if (!moment.parseMoment()) {
            return null;
        }
        LocalDateTime utc = LocalDateTime.of(
                        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
                .minusSeconds(moment.offset);
        moment.year = utc.getYear();
        moment.month = utc.getMonthValue();
        moment.day = utc.getDayOfMonth();
        moment.hour = utc.getHour();
        moment.minute = utc.getMinute();
        moment.second = utc.getSecond();
        return bytes(moment.day() + " " + moment.clock() + "Z");
    }

    private boolean parseMoment() {
        return parseDate()
                && (accept(' ') || accept('T'))
                && parseTime(2, 2)
                && hour < 24
                && parseOffset()
                && parseEnd()
                && isDate();
    }

    private boolean parseDate() {
        boolean negative = accept('-');
        if (!negative) {
            accept('+');
        }
        year = number(4, MOST_YEAR_DIGITS);
        if (year < 0 || !accept('-')) {
            return false;
        }
        year = negative ? -year : year;
        month = number(2, 2);
        if (!accept('-')) {
            return false;
        }
        day = number(2, 2);
        return true;
    }

    /** What may follow a whole date: the era. */
    private boolean parseEnd() {
        if (accept(' ')) {
            if (year < 1 || !accept('B') || !accept('C')) {
                return false;
            }
            year = 1 - year;
        }
        return at == text.length;
    }

    private boolean isDate() {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= YearMonth.of(year, month).lengthOfMonth();
    }

    private boolean parseTime(int leastHourDigits, int mostHourDigits) {
        hour = number(leastHourDigits, mostHourDigits);
        if (hour < 0 || !accept(':')) {
            return false;
        }
        minute = number(2, 2);
        if (accept(':')) {
            second = number(2, 2);
            if (accept('.') && !parseFraction()) {
                return false;
            }
        }
        return minute >= 0 && minute < 60 && second >= 0 && second < 60;
    }

    private boolean parseFraction() {
        int begin = at;
        int end = at;
        while (at < text.length && isDigit(text[at])) {
            if (text[at++] != '0') {
                end = at;
            }
        }
        fraction = new String(text, begin, end - begin, StandardCharsets.ISO_8859_1);
        return at > begin && at - begin <= MOST_FRACTION_DIGITS;
    }

    /** An offset from UTC, if there is one: {@code Z}, {@code +02}, {@code +0230}, {@code -02:30}, {@code -2:30} or {@code +02:30:15}. */
    private boolean parseOffset() {
        if (accept('Z')) {
            zoned = true;
            return true;
        }
        boolean negative = accept('-');
        if (!negative && !accept('+')) {
            return true;
        }
        zoned = true;
        boolean single = at + 1 < text.length && text[at + 1] == ':';
        int hours = number(single ? 1 : 2, 2);
        int minutes = 0;
        int seconds = 0;
        if (accept(':') || at < text.length && isDigit(text[at])) {
            minutes = number(2, 2);
            if (accept(':')) {
                seconds = number(2, 2);
            }
        }
        offset = (hours * HOUR + minutes * MINUTE + seconds) * (negative ? -1 : 1);
        return hours >= 0 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds < 60;
    }

    private boolean accept(char c) {
        boolean found = at < text.length && text[at] == c;
        if (found) {
            at++;
        }
        return found;
    }

    /** The digits that follow; -1 if they are too few. */
    private int number(int least, int most) {
        int begin = at;
        int number = 0;
        while (at < text.length && at - begin < most && isDigit(text[at])) {
            number = number * 10 + text[at++] - '0';
        }
        return at - begin < least ? -1 : number;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private String day() {
        StringBuilder out = new StringBuilder(year < 0 ? "-" : "");
        return padded(
                        padded(padded(out, Math.abs(year), 4).append('-'), month, 2)
                                .append('-'),
                        day,
                        2)
                .toString();
    }

    private String clock() {
        StringBuilder out = new StringBuilder();
        padded(padded(padded(out, hour, 2).append(':'), minute, 2).append(':'), second, 2);
        return fraction.isEmpty()
                ? out.toString()
                : out.append('.').append(fraction).toString();
    }

    private String zone() {
        int seconds = Math.abs(offset);
        StringBuilder out = new StringBuilder(offset < 0 ? "-" : "+");
        padded(padded(out, seconds / HOUR, 2).append(':'), seconds / MINUTE % MINUTE, 2);
        return seconds % MINUTE == 0
                ? out.toString()
                : padded(out.append(':'), seconds % MINUTE, 2).toString();
    }

    private static StringBuilder padded(StringBuilder out, int number, int width) {
        String digits = Integer.toString(number);
        return out.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
