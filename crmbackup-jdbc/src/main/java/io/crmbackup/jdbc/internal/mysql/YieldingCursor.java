package io.crmbackup.jdbc.internal.mysql;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.List;

/** A cursor whose failures say that the view gave way, if that is why. */
final class YieldingCursor implements RecordCursor {
    private final RecordCursor rows;
    private final WaiterWatch watch;
    private final String table;

    YieldingCursor(RecordCursor rows, WaiterWatch watch, String table) {
        this.rows = rows;
        this.watch = watch;
        this.table = table;
    }

    @Override
    public boolean next() throws IOException {
        watch.check("reading table " + table);
        try {
            return rows.next();
        } catch (IOException e) {
            throw watch.failure("reading table " + table, e);
        }
    }

    @Override
    public RecordKey key() throws IOException {
        return rows.key();
    }

    @Override
    public List<FieldValue> values() throws IOException {
        try {
            return rows.values();
        } catch (IOException e) {
            throw watch.failure("reading table " + table, e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            rows.close();
        } catch (IOException e) {
            throw watch.failure("reading table " + table, e);
        }
    }
}
