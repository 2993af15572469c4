package io.crmbackup.jdbc.internal.postgres.binary;

/** Writes decimal digits. */
final class Digits {
    /** The characters of the longest integer. */
    static final int MOST = 20;

    private Digits() {}

    /** Writes an integer with as many digits as it has; returns where it ends. */
    static int integer(long number, byte[] target, int at) {
        int begin = at;
        if (number < 0) {
            target[begin++] = '-';
        }
        int count = 1;
        for (long rest = number / 10; rest != 0; rest /= 10) {
            count++;
        }
        // Negative remainders, as the least number has no positive counterpart.
        long rest = number;
        for (int place = begin + count - 1; place >= begin; place--) {
            target[place] = (byte) ('0' + Math.abs((int) (rest % 10)));
            rest /= 10;
        }
        return begin + count;
    }

    /** Writes a number that is not negative with a number of digits, zeros before it; returns where it ends. */
    static int padded(int number, int digits, byte[] target, int at) {
        int rest = number;
        for (int place = at + digits - 1; place >= at; place--) {
            target[place] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }
}
