package io.crmbackup.internal.index;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;

/** The bases and dictionaries that copies need, numbered from 1, in mapped files of 16,384 each. 0 stands for none. Guarded by the index's lock. */
final class References {
    private static final int EACH = 1 << 14;

    private final WorkFiles files;
    private final List<MappedByteBuffer> regions = new ArrayList<>();
    private int count;

    References(WorkFiles files) {
        this.files = files;
    }

    /** Writes down what a copy needs; 0 if that is nothing. */
    int add(ChunkCopy copy) {
        BaseCopy base = copy.base();
        ChunkId dictionary = copy.dictionary();
        if (base == null && dictionary == null) {
            return 0;
        }
        if (count == regions.size() * EACH) {
            int length = EACH * BaseCopy.LENGTH;
            // Written, not just extended: a full disk shows now and not as a fault in the middle of memory.
            regions.addAll(files.write(
                    MapMode.READ_WRITE, length, channel -> WorkFiles.writeFully(channel, ByteBuffer.allocate(length))));
        }
        ByteBuffer target = slot(count);
        if (base != null) {
            target.put(base.pack().toBytes())
                    .putLong(base.offset())
                    .put(base.id().toBytes());
        } else if (dictionary != null) {
            target.put(dictionary.toBytes());
        }
        return ++count;
    }

    BaseCopy base(int number) {
        ByteBuffer source = slot(number - 1);
        return new BaseCopy(new ObjectId(source.getLong(), source.getLong()), source.getLong(), id(source));
    }

    ChunkId dictionary(int number) {
        return id(slot(number - 1));
    }

    private static ChunkId id(ByteBuffer source) {
        byte[] id = new byte[ChunkId.LENGTH];
        source.get(id);
        return ChunkId.of(id);
    }

    private ByteBuffer slot(int index) {
        return regions.get(index / EACH).slice(index % EACH * BaseCopy.LENGTH, BaseCopy.LENGTH);
    }
}
