package io.crmbackup.internal.codec;

/** Makes leaves of what {@link ColumnSplitter} made of them. Not thread-safe. */
final class ColumnJoiner {
    private final NumberCursor in = new NumberCursor();
    private final NumberCursor column = new NumberCursor();
    private byte[] columns = {};
    private byte[] row = {};
    private byte[] leaf = {};
    private int to;

    /** Per field: its form, where in its column the next value stands, where the column ends, and the integer before. */
    private int[] forms = {};

    private int[] at = {};
    private int[] ends = {};
    private long[] before = {};

    /**
     * Puts the leaf of which these are the columns into an array. Nothing else of the array may be of use: if they are no leaf's, or
     * one's of another length, that is found after it was written to.
     *
     * @param plainLength the length that the leaf has; the array has at least that
     */
    void join(byte[] source, int length, byte[] target, int plainLength) throws MalformedEncodingException {
        columns = source;
        leaf = target;
        in.reset(source, 0, length);
        long count = in.number();
        long fields = in.number();
        require(count > 0 && count <= plainLength && fields > 0 && fields <= in.left());
        readHead((int) fields, length);
        if (row.length < plainLength) {
            row = new byte[plainLength];
        }
        leaf[0] = 0;
        to = 1;
        try {
            to = NumberCursor.put(leaf, to, count);
            joinEntries(count);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedEncodingException("has columns that give a longer leaf than it declares");
        }
        require(to == plainLength && in.left() == 0);
        for (int field = 0; field < fields; field++) {
            require(at[field] == ends[field]);
        }
    }

    private void readHead(int fields, int length) throws MalformedEncodingException {
        forms = new int[fields];
        at = new int[fields];
        ends = new int[fields];
        before = new long[fields];
        long sum = 0;
        for (int field = 0; field < fields; field++) {
            long form = in.number();
            long columnLength = in.number();
            require(form >= 0 && form <= ColumnForm.INTEGERS && columnLength >= 0 && columnLength <= length - sum);
            sum += columnLength;
            forms[field] = (int) form;
            ends[field] = (int) sum;
        }
        int keys = in.position();
        int firstColumn = length - (int) sum;
        require(keys <= firstColumn);
        int next = firstColumn;
        for (int field = 0; field < fields; field++) {
            at[field] = next;
            ends[field] += firstColumn;
            next = ends[field];
        }
        in.reset(columns, keys, firstColumn);
    }

    private void joinEntries(long count) throws MalformedEncodingException {
        int key = 0;
        int keyLength = 0;
        for (long i = 0; i < count; i++) {
            long number = in.number();
            require(number >= 0);
            long step = number >> 1;
            if (step == 0) {
                keyLength = in.skipped();
                require(keyLength >= 0);
                to = NumberCursor.put(leaf, to, keyLength);
                System.arraycopy(columns, in.position() - keyLength, leaf, to, keyLength);
            } else {
                require(i > 0);
                to = NumberCursor.put(leaf, to, keyLength);
                System.arraycopy(leaf, key, leaf, to, keyLength);
                addStep(step, keyLength);
            }
            key = to;
            to += keyLength;
            if ((number & 1) == 0) {
                joinRow();
            } else {
                int value = in.position();
                require(in.skipped() >= 0);
                copy(columns, value, in.position() - value);
            }
        }
    }

    /** Adds a step to the key that has been copied to where it belongs. */
    private void addStep(long step, int keyLength) throws MalformedEncodingException {
        int counted = Math.min(ColumnForm.COUNTED, keyLength);
        int from = to + keyLength - counted;
        long next = ColumnForm.bigEndian(leaf, from, from + counted) + step;
        for (int i = counted - 1; i >= 0; i--, next >>>= Byte.SIZE) {
            leaf[from + i] = (byte) next;
        }
    }

    private void joinRow() throws MalformedEncodingException {
        int length = 1;
        row[0] = 0;
        for (int field = 0; field < forms.length; field++) {
            length = switch (forms[field]) {
                case ColumnForm.AS_IN_ROWS -> joinField(field, length);
                case ColumnForm.TEXT -> joinText(field, length);
                default -> joinInteger(field, length);
            };
        }
        to = NumberCursor.put(leaf, to, length);
        copy(row, 0, length);
    }

    private int joinField(int field, int length) throws MalformedEncodingException {
        column.reset(columns, at[field], ends[field]);
        long number = column.number();
        require(number >= 0 && column.skip(number == 0 ? 0 : number == 1 ? LeafRows.APART_LENGTH : number - 2));
        int size = column.position() - at[field];
        System.arraycopy(columns, at[field], row, length, size);
        at[field] = column.position();
        return length + size;
    }

    private int joinText(int field, int length) throws MalformedEncodingException {
        int begin = at[field];
        int end = ends[field];
        if (begin < end && columns[begin] == ColumnForm.NO_VALUE) {
            row[length] = 0;
            at[field]++;
            return length + 1;
        }
        int stop = Zeros.first(columns, begin, end);
        require(stop < end);
        int value = NumberCursor.put(row, length, stop - begin + 2L);
        System.arraycopy(columns, begin, row, value, stop - begin);
        at[field] = stop + 1;
        return value + stop - begin;
    }

    private int joinInteger(int field, int length) throws MalformedEncodingException {
        column.reset(columns, at[field], ends[field]);
        long number = column.number();
        require(number >= 0);
        at[field] = column.position();
        if (number == 0) {
            row[length] = 0;
            return length + 1;
        }
        long zigzag = number - 1;
        long value = before[field] + (zigzag >>> 1 ^ -(zigzag & 1));
        before[field] = value;
        return putInteger(value, length);
    }

    private int putInteger(long value, int begin) {
        int end = begin + 1;
        long rest = value;
        do {
            end++;
            rest /= 10;
        } while (rest != 0);
        if (value < 0) {
            row[begin + 1] = '-';
            end++;
        }
        row[begin] = (byte) (end - begin + 1);
        rest = Math.abs(value);
        int place = end;
        do {
            row[--place] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest != 0);
        return end;
    }

    private void copy(byte[] source, int from, int length) {
        System.arraycopy(source, from, leaf, to, length);
        to += length;
    }

    private static void require(boolean right) throws MalformedEncodingException {
        if (!right) {
            throw new MalformedEncodingException("has columns that are no leaf's");
        }
    }
}
