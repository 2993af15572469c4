package io.crmbackup.internal.record;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.BlobReader;
import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.spi.BytesAtHand;
import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RecordEncoder} made. Thread-safe if its reader is. */
public final class RecordDecoder {
    private static final int LARGEST_ROW = 256 << 20;

    private final String collection;
    private final RecordSchema schema;
    private final RecordCodec codec;
    private final ChunkReader reader;

    /** Creates the decoder of a collection, whose name is for messages. */
    public RecordDecoder(String collection, RecordSchema schema, ChunkReader reader) {
        this.collection = collection;
        this.schema = schema;
        this.codec = new RecordCodec(schema);
        this.reader = reader;
    }

    /** The key of a record at a place in the tree. */
    public RecordKey key(byte[] place, byte[] value) {
        Parts parts = parts(value);
        return parts.keyLength == 0
                ? RecordKey.of(place)
                : RecordKey.of(Arrays.copyOfRange(value, parts.keyBegin, parts.keyBegin + parts.keyLength));
    }

    /** The record's values. Contents and long values are contents, opened when they are needed and as often as they are. */
    public List<FieldValue> values(byte[] value) {
        byte[] row = row(value);
        return decode(row, (encoded, offset) -> {
            BlobRef ref = BlobRef.of(Arrays.copyOfRange(encoded, offset, offset + BlobRef.BYTES));
            return FieldValue.content(new Apart(ref, reader), ref.length());
        });
    }

    /** The row of a record whose value is from {@code begin} to {@code end} in an array, without copying it; null if it lies apart. */
    public @Nullable EncodedRow rowAtHand(byte[] bytes, int begin, int end) {
        if (begin < end && bytes[begin] == 0) {
            return new EncodedRow(bytes, begin + 1, end);
        }
        byte[] value = Arrays.copyOfRange(bytes, begin, end);
        Parts parts = parts(value);
        return parts.rowApart ? null : new EncodedRow(value, parts.rowBegin, value.length);
    }

    /** A value that lies apart. */
    private record Apart(BlobRef ref, ChunkReader reader) implements FieldContent {
        @Override
        public InputStream open() {
            return new BlobReader(ref, reader);
        }

        @Override
        public InputStream open(BytesAtHand similar) {
            return new BlobReader(ref, reader, similar);
        }

        @Override
        public boolean isEqualTo(BytesAtHand other) {
            return new BlobReader(ref, reader, other).isAllAtHand();
        }
    }

    /** What of the record lies apart: its row if that does, then its long values. */
    public List<BlobRef> apart(byte[] value) {
        ApartValues apart = apartValues(value);
        List<BlobRef> found = new ArrayList<>(apart.fields().size() + 1);
        if (parts(value).rowApart) {
            found.add(apart.row());
        }
        found.addAll(apart.fields().values());
        return found;
    }

    /** What of the record lies apart, by where it belongs; the fields in their order. */
    public ApartValues apartValues(byte[] value) {
        Parts parts = parts(value);
        BlobRef row = parts.rowApart
                ? BlobRef.of(Arrays.copyOfRange(value, parts.rowBegin, parts.rowBegin + BlobRef.BYTES))
                : BlobRef.EMPTY;
        Deque<BlobRef> found = new ArrayDeque<>(2);
        List<FieldValue> values = decode(row(value), (encoded, offset) -> {
            BlobRef ref = BlobRef.of(Arrays.copyOfRange(encoded, offset, offset + BlobRef.BYTES));
            found.add(ref);
            return FieldValue.content(InputStream::nullInputStream, ref.length());
        });
        Map<String, BlobRef> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).isContent()) {
                fields.put(schema.fields().get(i).name(), found.remove());
            }
        }
        return new ApartValues(row, fields);
    }

    /**
     * For each field bytes that are equal if and only if the values are, within a repository; null for no value. What lies apart is not read.
     */
    public List<byte @Nullable []> marks(byte[] value) {
        List<byte @Nullable []> marks = new ArrayList<>();
        decode(
                        row(value),
                        (encoded, offset) -> FieldValue.of(Arrays.copyOfRange(encoded, offset, offset + BlobRef.BYTES)))
                .forEach(field -> marks.add(field.isNull() ? null : field.bytes()));
        return marks;
    }

    /** The record's plain bytes: its row and what of it lies apart. */
    public long plainBytes(byte[] value) {
        long[] bytes = {0};
        byte[] row = row(value);
        decode(row, (encoded, offset) -> {
            bytes[0] += BlobRef.of(Arrays.copyOfRange(encoded, offset, offset + BlobRef.BYTES))
                    .length();
            return FieldValue.NULL;
        });
        return bytes[0] + row.length;
    }

    /** A reader of some of the fields, by their positions in the schema. */
    public RecordFields fields(int... positions) {
        return new RecordFields(this, positions);
    }

    /** The bytes in which a record's row ends, and where it begins there. */
    record Row(byte[] bytes, int begin) {}

    Row locate(byte[] value) {
        Parts parts = parts(value);
        return parts.rowApart ? new Row(rowApart(value, parts), 0) : new Row(value, parts.rowBegin);
    }

    DamagedObjectException endsEarly() {
        return damaged("a record ends within its fields", null);
    }

    private byte[] row(byte[] value) {
        Parts parts = parts(value);
        return parts.rowApart ? rowApart(value, parts) : Arrays.copyOfRange(value, parts.rowBegin, value.length);
    }

    private byte[] rowApart(byte[] value, Parts parts) {
        BlobRef ref = BlobRef.of(Arrays.copyOfRange(value, parts.rowBegin, parts.rowBegin + BlobRef.BYTES));
        if (ref.length() > LARGEST_ROW) {
            throw damaged("a row of " + ref.length() + " bytes is beyond what can be", null);
        }
        try (InputStream in = new BlobReader(ref, reader)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw damaged("a row can't be read", e);
        }
    }

    private List<FieldValue> decode(byte[] row, RecordCodec.ApartReader apart) {
        try {
            return codec.decode(row, 0, row.length, apart);
        } catch (IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private record Parts(boolean rowApart, int keyBegin, int keyLength, int rowBegin) {}

    private Parts parts(byte[] value) {
        if (value.length == 0 || (value[0] & ~(RecordEncoder.ROW_APART | RecordEncoder.WHOLE_KEY)) != 0) {
            throw damaged("a record has unknown flags", null);
        }
        boolean apart = (value[0] & RecordEncoder.ROW_APART) != 0;
        int at = 1;
        int keyLength = 0;
        int keyBegin = 0;
        if ((value[0] & RecordEncoder.WHOLE_KEY) != 0) {
            int shift = 0;
            int b;
            do {
                if (at >= value.length || shift > 21) {
                    throw damaged("a record ends within its key", null);
                }
                b = value[at++];
                keyLength |= (b & 0x7f) << shift;
                shift += 7;
            } while (b < 0);
            if (keyLength < TreeKeys.LIMIT || keyLength > value.length - at) {
                throw damaged("a record's key has an impossible length", null);
            }
            keyBegin = at;
            at += keyLength;
        }
        if (apart && value.length - at != BlobRef.BYTES) {
            throw damaged("a record does not say where its row lies", null);
        }
        return new Parts(apart, keyBegin, keyLength, at);
    }

    private DamagedObjectException damaged(String what, @Nullable Throwable cause) {
        return new DamagedObjectException("collection " + collection, what, cause);
    }
}
