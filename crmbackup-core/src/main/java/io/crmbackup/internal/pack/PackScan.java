package io.crmbackup.internal.pack;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.Envelope;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a whole pack. Each record says how long it is, so that a damaged payload costs one chunk only. Where a header is damaged, the next record can't be found from there, and the directory tells what follows.
 * Where envelope, trailer or directory are damaged, the records still tell everything.
 */
final class PackScan {
    private final ChunkOpener opener;
    private final PackDirectory directory;
    private final ObjectId pack;
    private final String name;
    private final Dependencies others;
    private final PackVisitor visitor;
    private final ObjectStore store;
    private final PackStream stream;
    private final List<ChunkCopy> found = new ArrayList<>();
    private int records;

    PackScan(
            ObjectStore store,
            ChunkOpener opener,
            PackDirectory directory,
            ObjectId pack,
            Dependencies others,
            PackVisitor visitor) {
        this.store = store;
        this.opener = opener;
        this.directory = directory;
        this.pack = pack;
        this.name = ObjectRole.PACK.name(pack);
        this.others = others;
        this.visitor = visitor;
        this.stream = new PackStream(store, name);
    }

    void run() {
        try {
            Envelope envelope = envelope();
            records(envelope);
            byte[] digest = stream.digest();
            if (envelope != null && stream.length() != envelope.bodyLength()) {
                throw damaged("has " + stream.length() + " bytes after its header instead of " + envelope.bodyLength());
            }
            if (envelope != null && !envelope.matches(digest)) {
                throw damaged("fails its checksum");
            }
        } catch (DamagedObjectException e) {
            visitor.damaged(e);
        }
    }

    private @Nullable Envelope envelope() {
        byte[] header = store.atMost(name, 0, Envelope.LENGTH);
        try {
            return Envelope.read(ObjectRole.PACK, name, header);
        } catch (DamagedObjectException e) {
            visitor.damaged(e);
            return null;
        }
    }

    private void records(@Nullable Envelope envelope) {
        long offset = 0;
        while (records <= PackLimits.MAX_CHUNKS) {
            RecordHeader header;
            try {
                header = header(offset);
            } catch (DamagedObjectException e) {
                visitor.damaged(e);
                resume(envelope, offset);
                return;
            }
            if (stream.at(offset, header.recordLength()) < 0) {
                throw damaged("ends within the record at " + offset);
            }
            if (header.isDirectory()) {
                check(envelope, offset, header);
                return;
            }
            chunk(offset, header);
            offset += header.recordLength();
        }
        throw damaged("has more than " + PackLimits.MAX_CHUNKS + " chunks");
    }

    private RecordHeader header(long offset) {
        int at = stream.at(offset, RecordLayout.PAYLOAD);
        if (at < 0) {
            throw damaged("ends before its directory, at " + offset);
        }
        return opener.records().header(pack, offset, stream.bytes(), at);
    }

    private void chunk(long offset, RecordHeader header) {
        records++;
        try {
            int at = stream.at(offset, header.recordLength());
            ChunkOpener.Opened opened = opener.open(pack, offset, header, stream.bytes(), at, others);
            found.add(opened.copy());
            visitor.chunk(opened.copy(), opened.plain());
        } catch (DamagedObjectException e) {
            visitor.damaged(e);
        }
    }

    /** Goes on behind a damaged header with what the directory lists. */
    private void resume(@Nullable Envelope envelope, long damaged) {
        if (envelope == null) {
            return;
        }
        for (ChunkCopy copy : directory.read(pack, envelope.bodyLength())) {
            if (copy.offset() > damaged) {
                try {
                    RecordHeader header = header(copy.offset());
                    if (header.isDirectory() || stream.at(copy.offset(), header.recordLength()) < 0) {
                        throw damaged("has no chunk at " + copy.offset() + ", where its directory lists one");
                    }
                    chunk(copy.offset(), header);
                } catch (DamagedObjectException e) {
                    visitor.damaged(e);
                }
            }
        }
    }

    private void check(@Nullable Envelope envelope, long offset, RecordHeader header) {
        int at = stream.at(offset, header.recordLength());
        byte[] entries = opener.records().payload(pack, offset, header, stream.bytes(), at);
        List<ChunkCopy> listed = PackDirectory.parse(pack, records, entries);
        if (found.size() == records && !listed.equals(found)) {
            throw damaged("has a directory that does not list what the pack holds");
        }
        if (envelope != null) {
            Trailer trailer = directory.trailer(pack, envelope.bodyLength());
            if (!trailer.equals(new Trailer(offset, header.recordLength(), records))) {
                throw damaged("has a trailer that does not name its directory");
            }
        }
    }

    private DamagedObjectException damaged(String what) {
        return new DamagedObjectException(name, what);
    }
}
