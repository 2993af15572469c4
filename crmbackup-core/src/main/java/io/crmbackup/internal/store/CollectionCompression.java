package io.crmbackup.internal.store;

import io.crmbackup.internal.hash.ChunkId;
import org.jspecify.annotations.Nullable;

/**
 * With the help of what other chunks those of a collection may be compressed.
 *
 * @param help what may help
 * @param dictionary the dictionary that earlier chunks of the collection were compressed with, or null if none is known
 */
public record CollectionCompression(Help help, @Nullable ChunkId dictionary) {
    /** What may help. */
    public enum Help {
        /** Nothing: what a chunk takes tells nothing about others. */
        NONE,
        /** Chunks that a new one resembles. */
        DELTAS,
        /** These, and a dictionary, trained if none is known and one pays. */
        DELTAS_AND_DICTIONARY
    }

    /** Checks that a dictionary is named only where one may be used. */
    public CollectionCompression {
        if (dictionary != null && help != Help.DELTAS_AND_DICTIONARY) {
            throw new IllegalArgumentException("a dictionary is of no use with " + help);
        }
    }

    /** Each chunk by itself. */
    public static CollectionCompression isolated() {
        return new CollectionCompression(Help.NONE, null);
    }

    /** With deltas, and no dictionary. */
    public static CollectionCompression deltas() {
        return new CollectionCompression(Help.DELTAS, null);
    }

    /** With deltas and a dictionary: the one that is known, or if that is null or lost, one that is trained if it pays. */
    public static CollectionCompression deltasAndDictionary(@Nullable ChunkId known) {
        return new CollectionCompression(Help.DELTAS_AND_DICTIONARY, known);
    }
}
