package io.crmbackup.internal.tree;

import com.google.common.collect.AbstractIterator;
import io.crmbackup.internal.hash.ChunkId;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The leaves that cover ascending keys, each once, as far as their parents tell of them: they aren't read. Not thread-safe. */
final class CoveringLeaves extends AbstractIterator<ChunkId> {
    private final @Nullable Place root;
    private final Iterator<byte[]> keys;
    private @Nullable Place last;
    private @Nullable Place after;

    CoveringLeaves(TreeRoot root, NodeReader reader, Iterator<byte[]> keys) {
        this.root = root.isEmpty() ? null : Place.of(root, reader);
        this.keys = keys;
    }

    @Override
    protected @Nullable ChunkId computeNext() {
        while (root != null && keys.hasNext()) {
            byte[] key = keys.next();
            if (last == null || after != null && Arrays.compareUnsigned(after.key(), key) <= 0) {
                last = root.floor(key, 0);
                after = last.next();
                return last.ref().id();
            }
        }
        return endOfData();
    }
}
