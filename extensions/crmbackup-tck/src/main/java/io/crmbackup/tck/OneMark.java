package io.crmbackup.tck;

import io.crmbackup.spi.MarkCursor;

/** A single mark. */
final class OneMark implements MarkCursor {
    private final byte[] key;
    private final byte[] value;
    private int steps;

    OneMark(byte[] key, byte[] value) {
        this.key = key;
        this.value = value;
    }

    @Override
    public boolean next() {
        return ++steps == 1;
    }

    @Override
    public byte[] key() {
        requireMark();
        return key;
    }

    @Override
    public byte[] value() {
        requireMark();
        return value;
    }

    private void requireMark() {
        if (steps != 1) {
            throw new IllegalStateException("the cursor is at no mark");
        }
    }

    @Override
    public void close() {
        steps = 2;
    }
}
