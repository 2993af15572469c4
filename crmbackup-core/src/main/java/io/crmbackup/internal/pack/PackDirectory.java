package io.crmbackup.internal.pack;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads the directories of packs. Not thread-safe. */
final class PackDirectory {
    private final RecordOpener records;
    private final ReadAhead parts;

    PackDirectory(RecordOpener records, ReadAhead parts) {
        this.records = records;
        this.parts = parts;
    }

    /** Where the directory of a pack is, whose body has this length. */
    Trailer trailer(ObjectId pack, long bodyLength) {
        long at = bodyLength - Trailer.LENGTH;
        if (at < 0) {
            throw new DamagedObjectException(ObjectRole.PACK.name(pack), "is too short to be a pack");
        }
        ReadAhead.Part part = parts.read(pack, at, Trailer.LENGTH);
        return records.trailer(pack, at, part.bytes(), part.index(at));
    }

    /** The entries of the directory of a pack, whose body has this length. */
    List<ChunkCopy> read(ObjectId pack, long bodyLength) {
        Trailer trailer = trailer(pack, bodyLength);
        if (trailer.offset() < 0
                || trailer.length() < RecordLayout.SMALLEST
                || trailer.offset() > bodyLength - Trailer.LENGTH - trailer.length()
                || trailer.length() > PackLimits.MAX_DIRECTORY) {
            throw new DamagedObjectException(ObjectRole.PACK.name(pack), "has a trailer with impossible values");
        }
        ReadAhead.Part part = parts.read(pack, trailer.offset(), trailer.length());
        int at = part.index(trailer.offset());
        RecordHeader header = records.header(pack, trailer.offset(), part.bytes(), at);
        if (!header.isDirectory() || header.recordLength() != trailer.length()) {
            throw new DamagedObjectException(ObjectRole.PACK.name(pack), "has no directory where its trailer says");
        }
        byte[] entries = records.payload(pack, trailer.offset(), header, part.bytes(), at);
        return parse(pack, trailer.count(), entries);
    }

    static List<ChunkCopy> parse(ObjectId pack, int count, byte[] entries) {
        ByteBuffer source = ByteBuffer.wrap(entries);
        try {
            List<ChunkCopy> copies = DirectoryEntries.read(pack, count, source);
            if (source.hasRemaining()) {
                throw new IllegalArgumentException("goes on after its last entry");
            }
            return copies;
        } catch (IllegalArgumentException e) {
            throw new DamagedObjectException(ObjectRole.PACK.name(pack), "the directory " + e.getMessage(), e);
        }
    }
}
