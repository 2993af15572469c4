package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkId;
import org.jspecify.annotations.Nullable;

/** Tells which chunk of the same type a new one probably resembles: the one whose place it takes. */
@FunctionalInterface
public interface Likeness {
    /** Nothing is known. */
    Likeness NONE = () -> null;

    /** The chunk, or null if none is known. A wrong answer costs space and time, never data. */
    @Nullable
    ChunkId find();
}
