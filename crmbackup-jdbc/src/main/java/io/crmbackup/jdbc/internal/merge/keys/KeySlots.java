package io.crmbackup.jdbc.internal.merge.keys;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Places for pairs of numbers, a power of two of them; a place whose first number is 0 is free. Used by one thread at a time. */
abstract class KeySlots implements Closeable {
    private final long capacity;

    KeySlots(long capacity) {
        this.capacity = capacity;
    }

    final long capacity() {
        return capacity;
    }

    abstract long first(long place) throws IOException;

    abstract long second(long place) throws IOException;

    abstract void set(long place, long first, long second) throws IOException;

    /** Where a pair is, or the free place where it would be. */
    final long place(long first, long second) throws IOException {
        long place = second & capacity - 1;
        for (long found = first(place); found != 0; found = first(place)) {
            if (found == first && second(place) == second) {
                break;
            }
            place = place + 1 & capacity - 1;
        }
        return place;
    }

    /** In the heap. */
    static final class InMemory extends KeySlots {
        private final long[] numbers;

        InMemory(int capacity) {
            super(capacity);
            this.numbers = new long[2 * capacity];
        }

        @Override
        long first(long place) {
            return numbers[2 * (int) place];
        }

        @Override
        long second(long place) {
            return numbers[2 * (int) place + 1];
        }

        @Override
        void set(long place, long first, long second) {
            numbers[2 * (int) place] = first;
            numbers[2 * (int) place + 1] = second;
        }

        @Override
        public void close() {}
    }

    /** In a file of its own, which is gone when it is closed; written and read by blocks. */
    static final class InFile extends KeySlots {
        private static final int PAIR = 16;
        private static final int PAIRS_IN_BLOCK = 256;

        private final FileChannel file;

        /** One for either half, as the places of a smaller set are spread over both of them side by side. */
        private final Block lower;

        private final Block upper;

        /** How far the file has been written. */
        private long written;

        InFile(long capacity) throws IOException {
            this(capacity, Files.createTempFile("crmbackup", ".keys"));
        }

        /** Takes an empty file. */
        InFile(long capacity, Path path) throws IOException {
            super(capacity);
            file = FileChannel.open(
                    path,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SPARSE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            int pairs = (int) Math.min(PAIRS_IN_BLOCK, capacity / 2);
            lower = new Block(pairs);
            upper = new Block(pairs);
        }

        private Block block(long place) {
            return place < capacity() / 2 ? lower : upper;
        }

        @Override
        long first(long place) throws IOException {
            Block block = block(place);
            return block.pairs.getLong(block.at(place));
        }

        @Override
        long second(long place) throws IOException {
            Block block = block(place);
            return block.pairs.getLong(block.at(place) + Long.BYTES);
        }

        @Override
        void set(long place, long first, long second) throws IOException {
            Block block = block(place);
            int at = block.at(place);
            block.pairs.putLong(at, first).putLong(at + Long.BYTES, second);
            block.changed = true;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        /** Pairs that lie together, as they are or will be in the file. */
        private final class Block {
            private final ByteBuffer pairs;
            private long begin = -1;
            private boolean changed;

            Block(int pairs) {
                this.pairs = ByteBuffer.allocate(pairs * PAIR);
            }

            /** Where a pair is in the block. */
            int at(long place) throws IOException {
                long offset = place * PAIR;
                int at = (int) (offset & pairs.capacity() - 1);
                if (offset - at != begin) {
                    // What is gone must not look like what was never written.
                    if (file.size() < written) {
                        throw new EOFException("a temporary file of keys lost its end while it was in use");
                    }
                    write();
                    read(offset - at);
                }
                return at;
            }

            private void write() throws IOException {
                if (changed) {
                    pairs.clear();
                    while (pairs.hasRemaining()) {
                        file.write(pairs, begin + pairs.position());
                    }
                    written = Math.max(written, begin + pairs.capacity());
                    changed = false;
                }
            }

            /** What lies beyond the end of the file was never written: nothing. */
            private void read(long from) throws IOException {
                begin = -1;
                pairs.clear();
                int length = 0;
                while (pairs.hasRemaining() && length >= 0) {
                    length = file.read(pairs, from + pairs.position());
                }
                while (pairs.hasRemaining()) {
                    pairs.put((byte) 0);
                }
                begin = from;
            }
        }
    }
}
