package io.crmbackup.internal.record;

import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes the values that a tree keeps of a collection's records, and stores what lies apart. Not thread-safe. */
public final class RecordEncoder {
    static final int LONGEST_ROW = 4096;
    static final int ROW_APART = 1;
    static final int WHOLE_KEY = 2;

    private final RecordSchema schema;
    private final RecordCodec codec;
    private final GivenRows rows;
    private final BlobStore blobs;
    private long apartBytes;

    /** Creates the encoder of a collection. */
    public RecordEncoder(RecordSchema schema, BlobStore blobs) {
        this.schema = schema;
        this.codec = new RecordCodec(schema);
        this.rows = new GivenRows(schema);
        this.blobs = blobs;
    }

    /** The row of a record that has no earlier version; see {@link #row(List, Supplier)}. */
    public byte[] row(List<FieldValue> values) throws IOException {
        return row(values, () -> ApartValues.NONE);
    }

    /**
     * The row of a record: its values in their canonical bytes. Throws {@link IOException} only for failures of the values' contents.
     *
     * @param former tells where the record's earlier version lies; asked only if something new has to be stored
     */
    public byte[] row(List<FieldValue> values, Supplier<ApartValues> former) throws IOException {
        apartBytes = 0;
        return codec.encode(canonical(values), (field, value) -> storeApart(field, value, former));
    }

    /**
     * Takes the row of a record as its source made it, none of whose values lies apart.
     *
     * @return how many bytes its values have
     * @throws IllegalArgumentException if these are not the bytes that its values would be encoded to
     */
    public long take(byte[] row) {
        apartBytes = 0;
        return rows.valueBytes(row);
    }

    /** The plain bytes of the row that was made or taken last: its own and those of its values that lie apart. */
    public long plainBytes(byte[] row) {
        return row.length + apartBytes;
    }

    /** A source may give a short value as content; equal values must have equal bytes, however they were given. */
    private List<FieldValue> canonical(List<FieldValue> values) throws IOException {
        List<FieldValue> changed = null;
        for (int i = 0; i < Math.min(values.size(), schema.fields().size()); i++) {
            FieldValue value = values.get(i);
            if (value.isContent() && schema.fields().get(i).type() != FieldType.CONTENT) {
                if (changed == null) {
                    changed = new ArrayList<>(values);
                }
                changed.set(i, inMemoryIfShort(value));
            }
        }
        return changed == null ? values : changed;
    }

    private static FieldValue inMemoryIfShort(FieldValue value) throws IOException {
        InputStream in = value.open();
        boolean handedOn = false;
        try {
            byte[] begin = in.readNBytes(RecordCodec.LONGEST_INLINE + 1);
            if (begin.length <= RecordCodec.LONGEST_INLINE) {
                return FieldValue.of(begin);
            }
            handedOn = true;
            return FieldValue.content(
                    () -> new SequenceInputStream(new ByteArrayInputStream(begin), in), value.length());
        } finally {
            if (!handedOn) {
                in.close();
            }
        }
    }

    private byte[] storeApart(Field field, FieldValue value, Supplier<ApartValues> former) throws IOException {
        try (InputStream in = value.open()) {
            BlobRef ref = blobs.store(in, () -> former.get().field(field.name()));
            apartBytes += ref.length();
            return ref.toBytes();
        }
    }

    /** The value that a tree keeps of a record that has no earlier version, and whose place tells its key, or that has none. */
    public byte[] value(byte[] row) {
        return value(row, () -> ApartValues.NONE);
    }

    /** The value that a tree keeps of a record whose place tells its key, or that has none. */
    public byte[] value(byte[] row, Supplier<ApartValues> former) {
        return value(0, new byte[0], row, former);
    }

    /** The value that a tree keeps of a record with a key that has no earlier version. */
    public byte[] value(RecordKey key, byte[] row) {
        return value(key, row, () -> ApartValues.NONE);
    }

    /** The value that a tree keeps of a record with a key. */
    public byte[] value(RecordKey key, byte[] row, Supplier<ApartValues> former) {
        if (!TreeKeys.isShortened(key)) {
            return value(row, former);
        }
        return value(WHOLE_KEY, lengthAnd(key.bytes()), row, former);
    }

    private byte[] value(int flags, byte[] wholeKey, byte[] row, Supplier<ApartValues> former) {
        boolean apart = row.length > LONGEST_ROW;
        byte[] rest = apart ? blobs.store(row, () -> former.get().row()).toBytes() : row;
        byte[] value = new byte[1 + wholeKey.length + rest.length];
        value[0] = (byte) (flags | (apart ? ROW_APART : 0));
        System.arraycopy(wholeKey, 0, value, 1, wholeKey.length);
        System.arraycopy(rest, 0, value, 1 + wholeKey.length, rest.length);
        return value;
    }

    private static byte[] lengthAnd(byte[] key) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(key.length + 4);
        int rest = key.length;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
        out.writeBytes(key);
        return out.toByteArray();
    }
}
