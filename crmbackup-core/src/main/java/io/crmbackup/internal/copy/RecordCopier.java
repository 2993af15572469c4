package io.crmbackup.internal.copy;

import io.crmbackup.internal.record.BlobStore;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.record.RecordEncoder;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Makes of a changed record the edit that it is in the destination's tree, storing its contents there. Not thread-safe. */
final class RecordCopier {
    private final RecordSchema schema;
    private final RecordDecoder decoder;
    private final RecordEncoder encoder;
    private final RecordEncoder idsOnly;
    private final byte[] rowKey;
    private final CopyCourse course;
    private final ContentSum sum;

    RecordCopier(
            String name,
            RecordSchema schema,
            ChunkReader reader,
            Destination destination,
            CopyCourse course,
            ContentSum sum) {
        this.schema = schema;
        this.decoder = new RecordDecoder(name, schema, reader);
        this.encoder = new RecordEncoder(schema, new BlobStore(destination.chunker(), destination.writer()));
        this.idsOnly = new RecordEncoder(schema, new BlobStore(destination.chunker(), destination.idsOnly()));
        this.rowKey = destination.rowKey();
        this.course = course;
        this.sum = sum;
    }

    TreeEdit put(byte[] place, byte[] value) {
        ValueDigests digests = digests(value);
        byte[] row = row(encoder, digests);
        if (schema.isKeyed()) {
            RecordKey key = decoder.key(place, value);
            sum.put(key.bytes(), digests.digests());
            return TreeEdit.put(place, encoder.value(key, row));
        }
        sum.put(CollectionCopy.number(place), digests.digests());
        return TreeEdit.put(place(row, place), encoder.value(row));
    }

    TreeEdit remove(byte[] place, byte[] value) {
        if (schema.isKeyed()) {
            sum.remove(place, List.of());
            return TreeEdit.remove(place);
        }
        ValueDigests digests = digests(value);
        byte[] row = row(idsOnly, digests);
        sum.remove(CollectionCopy.number(place), digests.digests());
        return TreeEdit.remove(place(row, place));
    }

    private ValueDigests digests(byte[] value) {
        return new ValueDigests(course.metered(decoder.values(value)));
    }

    private static byte[] row(RecordEncoder encoder, ValueDigests digests) {
        try {
            return encoder.row(digests.watched());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a repository throws other failures", e);
        }
    }

    private byte[] place(byte[] row, byte[] placeThere) {
        byte[] hash = TreeKeys.rowHash(rowKey, row);
        return ByteBuffer.allocate(hash.length + Long.BYTES)
                .put(hash)
                .put(CollectionCopy.number(placeThere))
                .array();
    }
}
