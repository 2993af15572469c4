package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import org.jspecify.annotations.Nullable;

/** Tells whose place a new node takes, so that it can be stored as what it differs in. */
@FunctionalInterface
interface Predecessors {
    /** Nothing is known. */
    Predecessors NONE = (level, key) -> null;

    /** The old node of a level that covers a key, or null if none is known. Looked up only when asked. */
    @Nullable
    ChunkId find(int level, byte[] key);
}
