package io.crmbackup.internal.sort;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorts records by key, compared by unsigned bytes, in bounded memory. Records with equal keys all stay, in the order in which they came. Few
 * records never touch the disk; many go to the work directory, compressed and sealed. Add all records, read them by {@link #sorted()}, as often
 * as they are needed, close. Closing removes all files. Not thread-safe.
 */
public final class ExternalSorter implements AutoCloseable {
    /** How many runs are merged at once; each takes about a megabyte while it is read. */
    static final int FAN_IN = 32;

    private static final long LEAST_MEMORY = 1 << 16;

    private final Path directory;
    private final long memory;
    private final int fanIn;
    private final SegmentCipher cipher = new SegmentCipher();
    private final List<Path> files = new ArrayList<>();

    private List<Entry> entries = new ArrayList<>();
    private long footprint;
    private List<Run> runs = new ArrayList<>();
    private int runNumber;
    private long spilled;
    private @Nullable RunMerge merge;
    private boolean sorted;
    private boolean closed;

    /**
     * Creates a sorter.
     *
     * @param directory where runs are written when memory is used up; must exist by then
     * @param memoryBytes about how much heap records may take, at least 64 KiB; merging takes about a megabyte for each of up to 32 runs beside
     */
    public ExternalSorter(Path directory, long memoryBytes) {
        this(directory, memoryBytes, FAN_IN);
    }

    ExternalSorter(Path directory, long memoryBytes, int fanIn) {
        if (memoryBytes < LEAST_MEMORY) {
            throw new IllegalArgumentException(
                    "sorting takes at least " + LEAST_MEMORY + " bytes of memory, not " + memoryBytes);
        }
        this.directory = directory;
        this.memory = memoryBytes;
        this.fanIn = fanIn;
    }

    /**
     * Adds a record. The arrays are kept, not copied: leave them alone.
     *
     * @throws BackupException if the work directory can't be written
     * @throws BackupCancelledException if the thread is interrupted, which is looked at while runs are written
     */
    public void add(byte[] key, byte[] value) {
        requireUnsorted();
        Entry entry = new Entry(key, value);
        entries.add(entry);
        footprint += entry.footprint();
        if (footprint > memory) {
            spill();
        }
    }

    /** How many bytes have been written to the work directory so far, passes of merging included. */
    public long bytesSpilled() {
        return spilled;
    }

    /**
     * The records in order, to be read before the sorter is closed. They may be asked for again, which ends the reading before.
     *
     * @throws BackupException if the work directory can't be written
     * @throws BackupCancelledException if the thread is interrupted, which is looked at while runs are written
     * @throws io.crmbackup.error.DamagedObjectException if a temporary file was altered
     */
    public SortedRecords sorted() {
        if (closed) {
            throw new IllegalStateException("this sorter is closed");
        }
        boolean again = sorted;
        sorted = true;
        if (runs.isEmpty()) {
            if (!again) {
                entries.sort(Entry.BY_KEY);
            }
            Iterator<Entry> all = entries.iterator();
            return new Cursor(() -> all.hasNext() ? all.next() : null);
        }
        if (!entries.isEmpty()) {
            spill();
        }
        try {
            while (runs.size() > fanIn) {
                mergePass();
            }
            if (merge != null) {
                merge.close();
            }
            RunMerge last = new RunMerge(runs, cipher);
            merge = last;
            return new Cursor(last::next);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void requireUnsorted() {
        if (sorted || closed) {
            throw new IllegalStateException(closed ? "this sorter is closed" : "this sorter has given its records");
        }
    }

    private void spill() {
        entries.sort(Entry.BY_KEY);
        Iterator<Entry> all = entries.iterator();
        try {
            runs.add(write(() -> all.hasNext() ? all.next() : null));
        } catch (IOException e) {
            throw unusable(e);
        }
        entries = new ArrayList<>();
        footprint = 0;
    }

    /** Merges neighbouring runs, as many as may be merged at once; neighbours, so that equal keys keep their order. */
    private void mergePass() throws IOException {
        List<Run> merged = new ArrayList<>();
        for (int from = 0; from < runs.size(); from += fanIn) {
            List<Run> group = runs.subList(from, Math.min(runs.size(), from + fanIn));
            if (group.size() == 1) {
                merged.add(group.get(0));
                continue;
            }
            try (RunMerge records = new RunMerge(group, cipher)) {
                merged.add(write(records::next));
            }
            for (Run run : group) {
                Files.deleteIfExists(run.file());
                files.remove(run.file());
            }
        }
        runs = merged;
    }

    private Run write(Records records) throws IOException {
        Path file = Files.createTempFile(directory, "sort-", ".run", ownerOnly());
        files.add(file);
        int number = runNumber++;
        RunWriter writer = new RunWriter(file, number, cipher);
        try (writer) {
            for (Entry entry = records.next(); entry != null; entry = records.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new BackupCancelledException("interrupted while records were being sorted");
                }
                writer.add(entry);
            }
        }
        spilled += writer.written();
        return new Run(number, file, writer.written());
    }

    private FileAttribute<?>[] ownerOnly() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private BackupException unusable(IOException e) {
        return new BackupException("the work directory " + directory + " can't be used for sorting: " + e, e);
    }

    /** Removes the temporary files. May be called again. */
    @Override
    public void close() {
        closed = true;
        entries = new ArrayList<>();
        IOException failure = null;
        try {
            if (merge != null) {
                merge.close();
            }
        } catch (IOException e) {
            failure = e;
        }
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        files.clear();
        if (failure != null) {
            throw unusable(failure);
        }
    }

    /** Gives entries one by one, then null. */
    @FunctionalInterface
    private interface Records {
        @Nullable
        Entry next() throws IOException;
    }

    private final class Cursor implements SortedRecords {
        private final Records records;
        private @Nullable Entry current;

        Cursor(Records records) {
            this.records = records;
        }

        @Override
        public boolean next() {
            if (closed) {
                throw new IllegalStateException("the sorter is closed");
            }
            try {
                current = records.next();
            } catch (IOException e) {
                throw unusable(e);
            }
            return current != null;
        }

        @Override
        public byte[] key() {
            return record().key();
        }

        @Override
        public byte[] value() {
            return record().value();
        }

        private Entry record() {
            if (current == null) {
                throw new IllegalStateException("call next() first, and only read if it returns true");
            }
            return current;
        }
    }
}
