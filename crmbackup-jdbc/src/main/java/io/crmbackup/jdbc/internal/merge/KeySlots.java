package io.crmbackup.jdbc.internal.merge;

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

    private KeySlots(long capacity) {
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

    /** In a file of its own, which is gone when it is closed. */
    static final class InFile extends KeySlots {
        private static final int PAIR = 16;

        private final FileChannel file;
        private final ByteBuffer pair = ByteBuffer.allocate(PAIR);
        private long read = -1;

        InFile(long capacity) throws IOException {
            super(capacity);
            Path path = Files.createTempFile("crmbackup", ".keys");
            file = FileChannel.open(
                    path,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SPARSE,
                    StandardOpenOption.DELETE_ON_CLOSE);
            try {
                set(capacity - 1, 0, 0);
            } catch (IOException e) {
                file.close();
                throw e;
            }
        }

        @Override
        long first(long place) throws IOException {
            read(place);
            return pair.getLong(0);
        }

        @Override
        long second(long place) throws IOException {
            read(place);
            return pair.getLong(8);
        }

        private void read(long place) throws IOException {
            if (read != place) {
                read = -1;
                pair.clear();
                while (pair.hasRemaining()) {
                    if (file.read(pair, PAIR * place + pair.position()) < 0) {
                        throw new EOFException("a file of keys is shorter than it was");
                    }
                }
                read = place;
            }
        }

        @Override
        void set(long place, long first, long second) throws IOException {
            read = -1;
            pair.putLong(0, first).putLong(8, second).clear();
            while (pair.hasRemaining()) {
                file.write(pair, PAIR * place + pair.position());
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
