package io.crmbackup.internal.sort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Merges runs; of equal keys, those of the earlier run come first. */
final class RunMerge implements AutoCloseable {
    private final List<RunReader> readers = new ArrayList<>();
    private final PriorityQueue<Head> heads =
            new PriorityQueue<>(Comparator.comparing(Head::entry, Entry.BY_KEY).thenComparingInt(Head::reader));

    private record Head(Entry entry, int reader) {}

    RunMerge(List<Run> runs, SegmentCipher cipher) throws IOException {
        try {
            for (Run run : runs) {
                readers.add(new RunReader(run, cipher));
                advance(readers.size() - 1);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The next record, or null at the end. */
    @Nullable
    Entry next() throws IOException {
        Head head = heads.poll();
        if (head == null) {
            return null;
        }
        advance(head.reader());
        return head.entry();
    }

    private void advance(int reader) throws IOException {
        Entry entry = readers.get(reader).next();
        if (entry != null) {
            heads.add(new Head(entry, reader));
        }
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (RunReader reader : readers) {
            try {
                reader.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
        }
        readers.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
