package io.crmbackup.internal.restore;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.List;

/** A cursor that passes over records other than those that were restored; their values are not read. Not thread-safe. */
final class ExpectedOnly implements RecordCursor {
    private final RecordCursor records;
    private final SelectedRecords expected;

    ExpectedOnly(RecordCursor records, SelectedRecords expected) {
        this.records = records;
        this.expected = expected;
    }

    @Override
    public boolean next() throws IOException {
        while (records.next()) {
            Interruption.check();
            if (expected.has(TreeKeys.place(records.key()))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public RecordKey key() throws IOException {
        return records.key();
    }

    @Override
    public byte[] fingerprint() throws IOException {
        return records.fingerprint();
    }

    @Override
    public List<FieldValue> values() throws IOException {
        return records.values();
    }

    @Override
    public boolean isStable() throws IOException {
        return records.isStable();
    }

    @Override
    public void close() throws IOException {
        records.close();
    }
}
