package io.crmbackup.tck;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Restores into an {@link InMemorySource}, for tests. What is written is kept apart until the restore is finished, so that one that was cut
 * short leaves everything as it was. Thread-safe.
 */
public final class InMemoryTarget implements Target {
    private final InMemorySource system;
    private final OnConflict onConflict;

    private InMemoryTarget(InMemorySource system, OnConflict onConflict) {
        this.system = system;
        this.onConflict = onConflict;
    }

    /** A target that is a new, empty system. */
    public static InMemoryTarget empty() {
        return into(new InMemorySource(), OnConflict.FAIL);
    }

    /** A target that is a system with records in it; those with equal keys are the conflicts. */
    public static InMemoryTarget into(InMemorySource system, OnConflict onConflict) {
        return new InMemoryTarget(system, onConflict);
    }

    /** The system that is restored into. */
    public InMemorySource system() {
        return system;
    }

    @Override
    public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) {
        return new Session(List.copyOf(collections));
    }

    @Override
    public Optional<Source> readBack(Map<String, String> attributes) {
        return Optional.of(system);
    }

    private final class Session implements TargetSession {
        private final List<RestoredCollection> collections;
        private final Map<String, InMemorySource.Table> written = new TreeMap<>();
        private boolean begun;
        private boolean ended;

        Session(List<RestoredCollection> collections) {
            this.collections = collections;
        }

        @Override
        public TargetPreview preview() throws IOException {
            List<String> blockers = new ArrayList<>();
            Map<String, InMemorySource.Table> there = system.copy();
            for (RestoredCollection collection : collections) {
                InMemorySource.Table table = there.get(collection.name());
                if (table == null) {
                    continue;
                }
                if (!table.schema().equals(collection.schema())) {
                    blockers.add("the records of " + collection.name() + " have other fields here");
                } else if (onConflict == OnConflict.FAIL && conflicts(collection, table) > 0) {
                    blockers.add(
                            conflicts(collection, table) + " records of " + collection.name() + " are here already");
                }
            }
            return new TargetPreview(blockers, List.of(), List.of());
        }

        @Override
        public void begin() throws IOException {
            List<String> blockers = preview().blockers();
            if (begun || ended || !blockers.isEmpty()) {
                throw new IllegalStateException("the restore can't begin: " + blockers);
            }
            begun = true;
        }

        @Override
        public WriteResult write(RestoredCollection collection) throws IOException {
            ensureWriting();
            InMemorySource.@Nullable Table there = system.copy().get(collection.name());
            InMemorySource.Table table = new InMemorySource.Table(collection.schema(), new TreeMap<>());
            long skipped = 0;
            try (RecordCursor cursor = collection.open()) {
                while (cursor.next()) {
                    RecordKey key = cursor.key();
                    boolean taken = isTaken(there, key);
                    boolean along = collection.comesAlong(key);
                    if (taken && !along && onConflict == OnConflict.FAIL) {
                        throw new IOException("a record of " + collection.name() + " is here already");
                    }
                    if (taken && (along || onConflict == OnConflict.SKIP)) {
                        skipped++;
                    } else {
                        table.rows().put(key, new InMemorySource.Row(key, inMemory(cursor.values()), 0));
                    }
                }
            }
            written.put(collection.name(), table);
            return new WriteResult(table.rows().size(), skipped);
        }

        @Override
        public void finish() {
            ensureWriting();
            if (written.size() < collections.size()) {
                throw new IllegalStateException(
                        written.size() + " of " + collections.size() + " collections were written");
            }
            ended = true;
            system.putAll(written);
        }

        @Override
        public void close() {
            ended = true;
            written.clear();
        }

        private void ensureWriting() {
            if (!begun || ended) {
                throw new IllegalStateException("the restore has not begun or has ended");
            }
        }
    }

    private static boolean isTaken(InMemorySource.@Nullable Table there, RecordKey key) {
        return there != null && there.schema().isKeyed() && there.rows().containsKey(key);
    }

    private static long conflicts(RestoredCollection collection, InMemorySource.Table there) throws IOException {
        long conflicts = 0;
        try (RecordCursor cursor = collection.open()) {
            while (cursor.next()) {
                RecordKey key = cursor.key();
                conflicts += isTaken(there, key) && !collection.comesAlong(key) ? 1 : 0;
            }
        }
        return conflicts;
    }

    private static List<FieldValue> inMemory(List<FieldValue> values) throws IOException {
        List<FieldValue> copies = new ArrayList<>();
        for (FieldValue value : values) {
            if (value.isContent()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (InputStream in = value.open()) {
                    in.transferTo(bytes);
                }
                copies.add(FieldValue.of(bytes.toByteArray()));
            } else {
                copies.add(value);
            }
        }
        return copies;
    }
}
