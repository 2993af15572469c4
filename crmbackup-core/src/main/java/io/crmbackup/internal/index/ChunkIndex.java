package io.crmbackup.internal.index;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.StoredPack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * Finds the copies of a chunk. Thread-safe: look-ups never wait for a segment to be written. Heap: about 9 MiB, and 120 bytes for each pack, however many chunks there are; design: package description.
 */
public final class ChunkIndex implements AutoCloseable {
    private static final int HEAP_ROWS = 1 << 17;
    private static final int FAN_IN = 4;

    private final int heapRows;
    private final WorkFiles files;
    private final Rows rows;

    /** Held by whoever adds rows; taken before {@link #state}. */
    private final ReentrantLock adding = new ReentrantLock();

    /** Guards the fields below and what the rows refer to. */
    private final ReentrantReadWriteLock state = new ReentrantReadWriteLock();

    private RecentRows recent;
    private List<Leveled> segments = List.of();

    /** A segment that came from 4 to the power of {@code level} fillings of the heap. */
    private record Leveled(int level, Segment segment) {}

    /** Creates an empty index whose files lie in a directory of their own below {@code workDirectory}. */
    public ChunkIndex(Path workDirectory) {
        this(workDirectory, HEAP_ROWS);
    }

    ChunkIndex(Path workDirectory, int heapRows) {
        this.heapRows = heapRows;
        this.files = new WorkFiles(workDirectory);
        this.rows = new Rows(new PackTable(), new References(files));
        this.recent = new RecentRows(heapRows);
    }

    /** Adds all copies of a pack. */
    public void add(StoredPack pack) {
        pack.copies().forEach(this::add);
    }

    /**
     * Adds a copy; one that is there already does no harm.
     *
     * @throws io.crmbackup.error.BackupException if the work directory can't be written
     */
    public void add(ChunkCopy copy) {
        adding.lock();
        try {
            byte[] row = row(copy);
            if (recent.contains(row)) {
                return;
            }
            if (recent.isFull()) {
                spill();
            }
            state.writeLock().lock();
            try {
                rows.refer(row, copy);
                recent.add(row);
            } finally {
                state.writeLock().unlock();
            }
        } finally {
            adding.unlock();
        }
    }

    private byte[] row(ChunkCopy copy) {
        state.writeLock().lock();
        try {
            return rows.row(copy);
        } finally {
            state.writeLock().unlock();
        }
    }

    /** All copies of a chunk that are known, each once. */
    public List<ChunkCopy> copies(ChunkId id) {
        byte[] bytes = id.toBytes();
        Set<ChunkCopy> copies = new LinkedHashSet<>();
        Consumer<byte[]> consumer = row -> copies.add(rows.copy(row));
        state.readLock().lock();
        try {
            recent.find(bytes, consumer);
            for (Leveled each : segments) {
                each.segment.find(bytes, consumer);
            }
        } finally {
            state.readLock().unlock();
        }
        return List.copyOf(copies);
    }

    /** Hands out the copies that are there now, in no particular order, one perhaps several times. More may be added meanwhile. */
    public void forEach(Consumer<ChunkCopy> consumer) {
        List<Leveled> now;
        adding.lock();
        try {
            if (recent.count() > 0) {
                spill();
            }
            now = segments;
        } finally {
            adding.unlock();
        }
        byte[] row = new byte[Rows.LENGTH];
        for (Leveled each : now) {
            for (long i = 0; i < each.segment.count(); i++) {
                each.segment.row(i, row);
                consumer.accept(copy(row));
            }
        }
    }

    private ChunkCopy copy(byte[] row) {
        state.readLock().lock();
        try {
            return rows.copy(row);
        } finally {
            state.readLock().unlock();
        }
    }

    /** Number of segment files. */
    int segments() {
        state.readLock().lock();
        try {
            return segments.size();
        } finally {
            state.readLock().unlock();
        }
    }

    /** Number of rows that are in no segment yet. */
    int rowsInHeap() {
        state.readLock().lock();
        try {
            return recent.count();
        } finally {
            state.readLock().unlock();
        }
    }

    private void spill() {
        List<Leveled> after = new ArrayList<>(segments);
        after.add(new Leveled(0, SegmentWriter.of(files, recent)));
        for (int level = 0; merge(after, level); level++) {
            // one more level may be full now
        }
        state.writeLock().lock();
        try {
            segments = List.copyOf(after);
            recent = new RecentRows(heapRows);
        } finally {
            state.writeLock().unlock();
        }
    }

    private boolean merge(List<Leveled> all, int level) {
        List<Leveled> full = all.stream().filter(each -> each.level == level).toList();
        if (full.size() < FAN_IN) {
            return false;
        }
        Segment merged =
                SegmentWriter.merged(files, full.stream().map(Leveled::segment).toList());
        all.removeAll(full);
        all.add(new Leveled(level + 1, merged));
        return true;
    }

    /** Removes the files. Idempotent; the index is not used afterwards. */
    @Override
    public void close() {
        adding.lock();
        try {
            files.close();
        } finally {
            adding.unlock();
        }
    }
}
