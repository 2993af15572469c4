package io.crmbackup.internal.changes;

import com.google.common.collect.AbstractIterator;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.tree.TreeRange;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Divides a part where nodes begin: wherever the first place of one is a key, and stands to all other keys as it stands to their places. A node
 * that begins otherwise belongs to the part before it.
 */
final class Division extends AbstractIterator<Part> {
    private final Part whole;
    private final Iterator<TreeRange> nodes;
    private byte @Nullable [] from;
    private long records;
    private boolean ended;

    /**
     * Divides a part.
     *
     * @param nodes those of the part and perhaps more behind it
     */
    Division(Part whole, Iterator<TreeRange> nodes) {
        this.whole = whole;
        this.nodes = nodes;
        this.from = whole.from();
        this.records = nodes.hasNext() ? nodes.next().records() : 0;
    }

    @Override
    protected @Nullable Part computeNext() {
        while (nodes.hasNext() && !ended) {
            TreeRange node = nodes.next();
            if (whole.to() != null && Arrays.compareUnsigned(node.first(), whole.to()) >= 0) {
                break;
            }
            if (!TreeKeys.mayBeOutOfOrder(node.first())) {
                Part part = new Part(from, node.first(), records);
                from = node.first();
                records = node.records();
                return part;
            }
            records += node.records();
        }
        if (ended) {
            return endOfData();
        }
        ended = true;
        return new Part(from, whole.to(), records);
    }
}
