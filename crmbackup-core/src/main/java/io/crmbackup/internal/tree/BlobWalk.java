package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.store.ChunkReader;

/** Walks over the chunks of values that are stored out of line; reads and checks pages only, and only those that the visitor enters. */
public final class BlobWalk {
    private final ChunkReader chunks;

    /** Creates a walk. */
    public BlobWalk(ChunkReader chunks) {
        this.chunks = chunks;
    }

    /**
     * Walks over the chunks of one value, pages before what they refer to, in the order of the value's bytes.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a page isn't what refers to it says
     */
    public void walk(BlobRef ref, BlobVisitor visitor) {
        if (!ref.isEmpty()) {
            walk(ref.root(), ref.depth(), ref.length(), ref, visitor);
        }
    }

    private void walk(ChunkId id, int level, long length, BlobRef ref, BlobVisitor visitor) {
        if (!visitor.enter(id, level, length) || level == 0) {
            return;
        }
        BlobPage page = BlobPath.read(chunks, id, level, length, level == ref.depth());
        for (int i = 0; i < page.count(); i++) {
            walk(page.id(i), level - 1, page.length(i), ref, visitor);
        }
    }
}
