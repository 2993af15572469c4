package io.crmbackup.internal.tree;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import org.jspecify.annotations.Nullable;

/** The way down a blob tree, from its root to the place looked up last. Holds one page per level. Not thread-safe. */
final class BlobPath {
    private final BlobRef ref;
    private final ChunkReader chunks;
    /** The page of level n at index n. */
    private final @Nullable BlobPage[] pages;
    /** Where in the value those pages begin. */
    private final long[] begins;

    BlobPath(BlobRef ref, ChunkReader chunks) {
        this.ref = ref;
        this.chunks = chunks;
        this.pages = new BlobPage[ref.depth() + 1];
        this.begins = new long[ref.depth() + 1];
    }

    /** A piece or page, and the bytes of the value that it stands for. */
    record Span(ChunkId id, long begin, long length) {
        long end() {
            return begin + length;
        }
    }

    /** What of a level holds the byte at a place; reads the pages above it. */
    Span find(long place, int level) {
        Span span = new Span(ref.root(), 0, ref.length());
        for (int above = ref.depth(); above > level; above--) {
            BlobPage page = page(span, above);
            int child = page.find(place - span.begin());
            span = new Span(page.id(child), span.begin() + page.offset(child), page.length(child));
        }
        return span;
    }

    private BlobPage page(Span span, int level) {
        BlobPage known = pages[level];
        if (known != null && begins[level] == span.begin()) {
            return known;
        }
        BlobPage page = read(chunks, span.id(), level, span.length(), level == ref.depth());
        pages[level] = page;
        begins[level] = span.begin();
        return page;
    }

    /** Reads a page and checks it against what refers to it. */
    static BlobPage read(ChunkReader chunks, ChunkId id, int level, long length, boolean root) {
        try {
            BlobPage page = BlobPage.parse(chunks.read(id, ChunkType.BLOB));
            if (page.level() != level) {
                throw new MalformedException("is of level " + page.level() + " where level " + level + " belongs");
            }
            if (page.length() != length) {
                throw new MalformedException(
                        "has " + page.length() + " bytes below it; what refers to it says " + length);
            }
            if (root && page.count() < 2) {
                throw new MalformedException("is a root with a single entry");
            }
            return page;
        } catch (MalformedException e) {
            throw new DamagedObjectException("page " + id, e.getMessage(), e);
        }
    }
}
