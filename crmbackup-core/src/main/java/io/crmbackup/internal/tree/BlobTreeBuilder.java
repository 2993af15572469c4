package io.crmbackup.internal.tree;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds the blob tree of a large value from its pieces, in order. Equal pieces give equal references; a change in the middle of a value leaves
 * most pages as they are. Holds one page per level. Not thread-safe.
 */
public final class BlobTreeBuilder {
    private final ChunkWriter writer;
    private final @Nullable FormerBlob former;
    private final Level pieces = new Level(1);
    /** The length of all pieces so far. */
    private long end;

    private boolean finished;

    /** Creates a builder that writes to a writer. */
    public BlobTreeBuilder(ChunkWriter writer) {
        this(writer, null);
    }

    /**
     * Creates a builder that tells the writer what of an earlier version of the value each new piece and page resembles.
     *
     * @param former the earlier version, or null if there is none
     */
    public BlobTreeBuilder(ChunkWriter writer, @Nullable FormerBlob former) {
        this.writer = writer;
        this.former = former;
    }

    /** Writes the next piece, which has at least 1 byte, and adds it. */
    public void write(byte[] buffer, int offset, int length) {
        requireOpen();
        FormerBlob before = former;
        if (before == null) {
            add(writer.write(ChunkType.DATA, buffer, offset, length), length);
            return;
        }
        long begin = end;
        boolean[] isNew = {false};
        ChunkId piece = writer.write(ChunkType.DATA, buffer, offset, length, () -> {
            isNew[0] = true;
            return before.find(0, begin, length);
        });
        if (!isNew[0]) {
            before.shares(piece, begin);
        }
        add(piece, length);
    }

    /**
     * Adds the next piece, which has been written as {@link ChunkType#DATA}.
     *
     * @param length its length in bytes, at least 1
     */
    public void add(ChunkId piece, int length) {
        requireOpen();
        if (length < 1) {
            throw new IllegalArgumentException("a piece has at least 1 byte, not " + length);
        }
        end = Math.addExact(end, length);
        pieces.add(piece, length);
    }

    /** Writes what is left and returns the reference to the value. Nothing can be added afterwards. */
    public BlobRef finish() {
        requireOpen();
        finished = true;
        return pieces.finish();
    }

    private void requireOpen() {
        if (finished) {
            throw new IllegalStateException("this blob tree is finished");
        }
    }

    /** The open page of one level. */
    private final class Level {
        private static final int HEADER = 1 + ByteInput.WIDEST;
        private static final int WIDEST_ENTRY = ChunkId.LENGTH + ByteInput.WIDEST;

        private final int level;
        private byte[] encoded = new byte[HEADER + 4 * WIDEST_ENTRY];
        private int used = HEADER;
        private int count;
        private long length;
        private @Nullable ChunkId last;
        private @Nullable Level above;

        Level(int level) {
            this.level = level;
        }

        void add(ChunkId id, long idLength) {
            if (encoded.length - used < WIDEST_ENTRY) {
                encoded = Arrays.copyOf(encoded, 2 * encoded.length);
            }
            id.copyTo(encoded, used);
            used = ByteInput.put(encoded, used + ChunkId.LENGTH, idLength);
            count++;
            length = Math.addExact(length, idLength);
            last = id;
            if (BlobPage.endsAfter(count, id)) {
                write();
            }
        }

        private Level write() {
            int from = HEADER - 1 - ByteInput.width(count);
            encoded[from] = (byte) level;
            ByteInput.put(encoded, from + 1, count);
            long pageLength = length;
            ChunkId page = writer.write(
                    ChunkType.BLOB,
                    encoded,
                    from,
                    used - from,
                    () -> former == null ? null : former.find(level, end - pageLength, pageLength));
            used = HEADER;
            count = 0;
            length = 0;
            Level next = above == null ? new Level(level + 1) : above;
            above = next;
            next.add(page, pageLength);
            return next;
        }

        BlobRef finish() {
            if (above == null && (count < 2 || last == null)) {
                return last == null ? BlobRef.EMPTY : new BlobRef(length, level - 1, last);
            }
            return above == null || count > 0 ? write().finish() : above.finish();
        }
    }
}
