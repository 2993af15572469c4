package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A row as COPY wrote it. Its values are read last, as that uses up the bytes. */
final class CopyRow implements RowStream.LastingRow {
    private static final long OBJECTS = 64;

    private final CopyForm form;
    private final byte[] bytes;

    CopyRow(CopyForm form, byte[] bytes) {
        this.form = form;
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return OBJECTS + bytes.length;
    }

    @Override
    public FieldValue[] values() throws IOException {
        return form.values(bytes);
    }

    @Override
    public FieldValue value(int index) throws IOException {
        return form.value(bytes, index);
    }

    @Override
    public byte @Nullable [] encoded() throws IOException {
        return form.encode(bytes);
    }
}
