package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.List;

/** Measures for how long rows are waited for: the server's and the network's part of a reading, and the driver's, not what is done with the rows. */
final class MeasuredCursor implements RecordCursor {
    private final RecordCursor rows;
    private final Result result;
    private long count;
    private long nanos;

    /** Takes what was measured. */
    @FunctionalInterface
    interface Result {
        void ended(long rows, long nanos);
    }

    /**
     * Creates it.
     *
     * @param result is told after the last row, if that is reached
     */
    MeasuredCursor(RecordCursor rows, Result result) {
        this.rows = rows;
        this.result = result;
    }

    @Override
    public boolean next() throws IOException {
        long begin = System.nanoTime();
        boolean more = rows.next();
        nanos += System.nanoTime() - begin;
        if (more) {
            count++;
        } else {
            result.ended(count, nanos);
        }
        return more;
    }

    @Override
    public RecordKey key() throws IOException {
        return rows.key();
    }

    @Override
    public List<FieldValue> values() throws IOException {
        return rows.values();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
