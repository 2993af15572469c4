package io.crmbackup.internal.tree;

import io.crmbackup.internal.store.ChunkWriter;
import org.jspecify.annotations.Nullable;

/** The levels from one level up, as they are built: nothing while there is one node, which is the root, otherwise a pass over all. */
final class Floor {
    private final BoundaryRule rule;
    private final int level;
    private final ChunkWriter writer;
    private final Predecessors predecessors;
    private @Nullable NodeRef only;
    private @Nullable Splitter splitter;
    private @Nullable Floor above;

    Floor(BoundaryRule rule, int level, ChunkWriter writer, Predecessors predecessors) {
        this.rule = rule;
        this.level = level;
        this.writer = writer;
        this.predecessors = predecessors;
    }

    void add(NodeRef ref) {
        if (splitter == null) {
            if (only == null) {
                only = ref;
                return;
            }
            above = new Floor(rule, level + 1, writer, predecessors);
            splitter = new Splitter(rule, level, Splitter.Start.FIRM, writer, predecessors, above::add);
            splitter.add(only);
            only = null;
        }
        splitter.add(ref);
    }

    TreeRoot finish() {
        if (splitter == null || above == null) {
            return only == null ? TreeRoot.EMPTY : TreeRoot.of(only);
        }
        splitter.finish();
        return above.finish();
    }
}
