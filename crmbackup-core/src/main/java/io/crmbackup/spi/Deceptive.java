package io.crmbackup.spi;

/** Characters that show something else than there is: they forge lines, drive a terminal, or turn the direction of what follows. */
final class Deceptive {
    private Deceptive() {}

    /** Whether a character must be shown escaped. */
    static boolean is(int c) {
        return Character.isISOControl(c)
                || c == 0x2028
                || c == 0x2029
                || c == 0x061c
                || c == 0x200e
                || c == 0x200f
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
