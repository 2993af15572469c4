package io.crmbackup.internal.backup;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.tree.TreeRoot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plain bytes of collections that were read from end to end, counted on the way so that nothing has to be read back. Not thread-safe. */
final class PlainBytes {
    private final Map<Content, Long> counts = new HashMap<>();

    private record Content(ChunkId schema, TreeRoot records) {
        static Content of(CollectionManifest collection) {
            return new Content(collection.schema(), collection.content());
        }
    }

    void put(CollectionManifest collection, long bytes) {
        counts.put(Content.of(collection), bytes);
    }

    @Nullable
    Long find(CollectionManifest collection) {
        return counts.get(Content.of(collection));
    }
}
