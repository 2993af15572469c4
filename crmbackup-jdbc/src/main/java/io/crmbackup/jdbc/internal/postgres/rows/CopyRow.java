package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.RowStream;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A row as COPY wrote it. Its values are read last, as that uses up the bytes. */
final class CopyRow implements RowStream.Row {
    private final CopyText text;
    private final byte[] bytes;
    private final CopyBytes encoder;

    /**
     * Creates it.
     *
     * @param encoder that of all rows of a stream
     */
    CopyRow(CopyText text, byte[] bytes, CopyBytes encoder) {
        this.text = text;
        this.bytes = bytes;
        this.encoder = encoder;
    }

    @Override
    public FieldValue[] values() throws IOException {
        return text.read(bytes);
    }

    @Override
    public FieldValue value(int index) throws IOException {
        return text.value(bytes, index);
    }

    @Override
    public byte @Nullable [] encoded() throws IOException {
        return text.encode(bytes, encoder);
    }
}
