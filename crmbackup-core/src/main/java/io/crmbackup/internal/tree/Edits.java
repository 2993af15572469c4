package io.crmbackup.internal.tree;

import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The caller's edits as changes of level 0; refuses edits out of order. */
final class Edits implements Changes {
    private final Iterator<TreeEdit> edits;
    private @Nullable Change next;

    Edits(Iterator<TreeEdit> edits) {
        this.edits = edits;
        advance();
    }

    @Override
    public @Nullable Change peek() {
        return next;
    }

    @Override
    public void advance() {
        Change last = next;
        next = edits.hasNext() ? Change.of(edits.next()) : null;
        if (last != null && next != null && Arrays.compareUnsigned(last.from(), next.from()) >= 0) {
            throw new IllegalArgumentException("edits must ascend by unsigned bytes of their keys, without repetition");
        }
    }
}
