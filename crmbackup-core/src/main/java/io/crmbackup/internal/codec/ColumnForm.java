package io.crmbackup.internal.codec;

/** How the values of one field stand in their column. The numbers are part of the format. */
final class ColumnForm {
    /** As in their rows. */
    static final int AS_IN_ROWS = 0;

    /** Each value, then {@link #END}; {@link #NO_VALUE} alone for none. No value has one of these bytes in it. */
    static final int TEXT = 1;

    /** Each as a number: 0 for no value, else one more than the zigzag of its difference to the value before, at first to 0. */
    static final int INTEGERS = 2;

    static final byte END = 0;
    static final byte NO_VALUE = 1;

    /** Integers have at most so many decimal digits: 60 bits, so that differences fit into a number. */
    static final int MOST_DIGITS = 18;

    /** Steps from one key to the next are those of the number that so many last bytes are, or fewer in shorter keys. */
    static final int COUNTED = 8;

    /** Larger steps are not written as such. */
    static final long LARGEST_STEP = (1L << 56) - 1;

    private ColumnForm() {}

    /** The number that some bytes are, most significant first. */
    static long bigEndian(byte[] source, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << Byte.SIZE | source[i] & 0xff;
        }
        return value;
    }
}
