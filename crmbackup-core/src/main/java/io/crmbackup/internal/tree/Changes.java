package io.crmbackup.internal.tree;

import org.jspecify.annotations.Nullable;

/** The changes of one level in ascending order, made as they are asked for. */
interface Changes {
    /** The next change, or null after the last. */
    @Nullable
    Change peek();

    /** Passes over the change that {@link #peek()} gave. */
    void advance();
}
