package io.crmbackup.internal.copy;

import com.google.common.base.Suppliers;
import io.crmbackup.internal.record.ApartValues;
import io.crmbackup.internal.record.BlobStore;
import io.crmbackup.internal.record.RecordDecoder;
import io.crmbackup.internal.record.RecordEncoder;
import io.crmbackup.internal.record.RowHasher;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.RecordTree;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;

/** Makes of a changed record the edit that it is in the destination's tree, storing its contents there. Not thread-safe. */
final class RecordCopier {
    private final RecordSchema schema;
    private final RecordDecoder decoder;
    private final RecordEncoder encoder;
    private final RecordEncoder idsOnly;
    private final RowHasher rowHasher;
    private final CopyCourse course;
    private final ContentSum sum;
    private final Former former;

    RecordCopier(
            String name,
            RecordSchema schema,
            ChunkReader reader,
            Destination destination,
            CopyCourse course,
            ContentSum sum,
            TreeRoot copiedBefore) {
        this.schema = schema;
        this.decoder = new RecordDecoder(name, schema, reader);
        this.encoder = new RecordEncoder(
                schema, new BlobStore(destination.chunker(), destination.writer(), destination.reader()));
        this.idsOnly = new RecordEncoder(schema, new BlobStore(destination.chunker(), destination.idsOnly()));
        this.rowHasher = new RowHasher(destination.rowKey());
        this.course = course;
        this.sum = sum;
        this.former = new Former(
                new RecordTree(destination.trees(), destination.reader()),
                copiedBefore,
                new RecordDecoder(name, schema, destination.reader()));
    }

    TreeEdit put(byte[] place, byte[] value) {
        ValueDigests digests = digests(value);
        Supplier<ApartValues> resembled = schema.isKeyed() ? former.at(place) : () -> ApartValues.NONE;
        byte[] row = row(encoder, digests, resembled);
        if (schema.isKeyed()) {
            RecordKey key = decoder.key(place, value);
            sum.put(key.bytes(), digests.digests());
            return TreeEdit.put(place, encoder.value(key, row, resembled));
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
        byte[] row = row(idsOnly, digests, () -> ApartValues.NONE);
        sum.remove(CollectionCopy.number(place), digests.digests());
        return TreeEdit.remove(place(row, place));
    }

    private ValueDigests digests(byte[] value) {
        return new ValueDigests(course.metered(decoder.values(value)));
    }

    private static byte[] row(RecordEncoder encoder, ValueDigests digests, Supplier<ApartValues> resembled) {
        try {
            return encoder.row(digests.watched(), resembled);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from a repository throws other failures", e);
        }
    }

    /** Where the earlier versions of records lie in the destination: what new contents resemble. */
    private record Former(RecordTree trees, TreeRoot root, RecordDecoder decoder) {
        Supplier<ApartValues> at(byte[] place) {
            return Suppliers.memoize(
                    () -> trees.get(root, place).map(decoder::apartValues).orElse(ApartValues.NONE));
        }
    }

    private byte[] place(byte[] row, byte[] placeThere) {
        byte[] hash = rowHasher.hash(row);
        return ByteBuffer.allocate(hash.length + Long.BYTES)
                .put(hash)
                .put(CollectionCopy.number(placeThere))
                .array();
    }
}
