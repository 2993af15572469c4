package io.crmbackup.fs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The names in one directory, by their bytes, each once. Up to a number of them are held in memory; more are sorted in runs of that number, which
 * go to the work directory and are merged: 16 KiB of each run are then in memory. Add all, call {@link #sort}, take them, close. Not thread-safe.
 */
final class SortedNames implements Closeable {
    private static final int BLOCK = 16 * 1024;

    private final Path workDirectory;
    private final int most;
    private final List<Run> runs = new ArrayList<>();
    private final PriorityQueue<Run> heads =
            new PriorityQueue<>(Comparator.comparing(Run::head, Arrays::compareUnsigned));
    private byte[][] names = new byte[16][];
    private int count;
    private int next;
    private byte @Nullable [] last;
    private @Nullable SealedFile file;

    /**
     * Creates an empty list.
     *
     * @param most how many names are held in memory, at least 1
     */
    SortedNames(Path workDirectory, int most) {
        this.workDirectory = workDirectory;
        this.most = most;
    }

    void add(byte[] name) throws IOException {
        if (count == most) {
            spill();
        }
        if (count == names.length) {
            names = Arrays.copyOf(names, Math.min(most, 2 * count));
        }
        names[count++] = name;
    }

    /** Ends adding. */
    void sort() throws IOException {
        if (runs.isEmpty()) {
            Arrays.sort(names, 0, count, Arrays::compareUnsigned);
            names = Arrays.copyOf(names, count);
            return;
        }
        spill();
        names = new byte[0][];
        for (Run run : runs) {
            if (run.advance()) {
                heads.add(run);
            }
        }
    }

    /** How many names are held as such. */
    int held() {
        return names.length;
    }

    /** The next name, or null at the end. A directory that changes while it is listed may tell a name twice. */
    byte @Nullable [] poll() throws IOException {
        byte[] name = take();
        while (name != null && Arrays.equals(name, last)) {
            name = take();
        }
        last = name;
        return name;
    }

    private byte @Nullable [] take() throws IOException {
        if (runs.isEmpty()) {
            return next < count ? names[next++] : null;
        }
        Run run = heads.poll();
        if (run == null) {
            return null;
        }
        byte[] name = run.head();
        if (run.advance()) {
            heads.add(run);
        }
        return name;
    }

    private void spill() throws IOException {
        Arrays.sort(names, 0, count, Arrays::compareUnsigned);
        SealedFile open = file;
        if (open == null) {
            open = new SealedFile(workDirectory);
            file = open;
        }
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        long begin = -1;
        for (int i = 0; i < count; i++) {
            byte[] name = names[i];
            if (block.position() > 0 && block.remaining() < Integer.BYTES + name.length) {
                long at = append(open, block);
                begin = begin < 0 ? at : begin;
                block = ByteBuffer.allocate(BLOCK);
            }
            if (block.remaining() < Integer.BYTES + name.length) {
                block = ByteBuffer.allocate(Integer.BYTES + name.length);
            }
            block.putInt(name.length).put(name);
        }
        if (block.position() > 0) {
            long at = append(open, block);
            begin = begin < 0 ? at : begin;
        }
        runs.add(new Run(open, begin, count));
        count = 0;
    }

    private static long append(SealedFile file, ByteBuffer block) throws IOException {
        byte[] bytes = new byte[block.position()];
        block.get(0, bytes);
        return file.append(bytes);
    }

    @Override
    public void close() throws IOException {
        names = new byte[0][];
        count = 0;
        if (file != null) {
            file.close();
        }
    }

    /** Sorted names in the file, from block to block. */
    private static final class Run {
        private final SealedFile file;
        private long at;
        private int rest;
        private ByteBuffer block = ByteBuffer.allocate(0);
        private byte @Nullable [] head;

        Run(SealedFile file, long begin, int count) {
            this.file = file;
            this.at = begin;
            this.rest = count;
        }

        byte[] head() {
            return Objects.requireNonNull(head);
        }

        boolean advance() throws IOException {
            if (rest == 0) {
                block = ByteBuffer.allocate(0);
                return false;
            }
            if (!block.hasRemaining()) {
                byte[] bytes = file.read(at);
                at = SealedFile.next(at, bytes);
                block = ByteBuffer.wrap(bytes);
            }
            byte[] name = new byte[block.getInt()];
            block.get(name);
            head = name;
            rest--;
            return true;
        }
    }
}
