package io.crmbackup.internal.index;

import io.crmbackup.internal.index.IndexObjects.StoredIndex;
import io.crmbackup.internal.pack.StoredPack;
import java.util.ArrayList;
import java.util.List;

/** Collects what new packs hold and puts it as index objects of at most 4 MiB of content. Not thread-safe. */
public final class IndexWriter {
    private static final int MOST = 4 * 1024 * 1024;

    private final IndexObjects objects;
    private final List<StoredPack> packs = new ArrayList<>();
    private final List<StoredIndex> stored = new ArrayList<>();
    private int length = 4;

    /** Creates a writer. */
    public IndexWriter(IndexObjects objects) {
        this.objects = objects;
    }

    /** Adds a pack, which the sink has confirmed; may put an object first. */
    public void add(StoredPack pack) {
        int more = IndexObjects.length(pack);
        if (length + more > MOST) {
            flush();
        }
        packs.add(pack);
        length += more;
    }

    /** Puts what was not put yet, and returns all objects put so far. */
    public List<StoredIndex> flush() {
        if (!packs.isEmpty()) {
            stored.add(objects.put(packs));
            packs.clear();
            length = 4;
        }
        return List.copyOf(stored);
    }
}
