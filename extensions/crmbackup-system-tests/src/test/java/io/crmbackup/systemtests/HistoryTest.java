package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Compression;
import io.crmbackup.PreparedPrune;
import io.crmbackup.PruneOptions;
import io.crmbackup.Retention;
import io.crmbackup.Snapshot;
import io.crmbackup.VerifyDepth;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random histories of a system, backed up by two plans and two writers with random strategies, once as usual, with snapshots that expire and what these leave pruned, and once isolated. However chunks
 * are stored: every snapshot restores to what was there, and says the same of it.
 *
 * <p>{@code -Dcrmbackup.histories=n} runs n histories, {@code -Dcrmbackup.histories.first=seed} begins with another one.
 */
class HistoryTest {
    private static final int ROUNDS = 14;

    @TempDir
    private Path work;

    static LongStream seeds() {
        return LongStream.range(0, Integer.getInteger("crmbackup.histories", 4))
                .map(i -> i + Long.getLong("crmbackup.histories.first", 0));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everySnapshotIsWhatWasBackedUpHoweverItIsStored(long seed) throws IOException {
        try (History history = new History(seed)) {
            for (int round = 0; round < ROUNDS; round++) {
                history.change();
                history.backUp();
                history.clean();
            }
            history.check();
        }
    }

    /** What the system holds. */
    private record State(TreeMap<Long, String> contacts, TreeMap<String, byte[]> files) {
        State copy() {
            return new State(new TreeMap<>(contacts), new TreeMap<>(files));
        }
    }

    private final class History implements AutoCloseable {
        private final long seed;
        private final Random random;
        private final InMemorySink sink = new InMemorySink();
        private final InMemorySink plainSink;
        private final List<BackupRepository> writers = new ArrayList<>();
        private final BackupRepository plain;
        private final InMemorySource database = Crm.database();
        private final InMemorySource files = Crm.files();
        private State state = new State(new TreeMap<>(), new TreeMap<>());
        private final List<State> earlier = new ArrayList<>();
        private final Map<SnapshotId, Map<String, Map<String, Map<String, List<String>>>>> expected =
                new LinkedHashMap<>();
        private final Map<SnapshotId, SnapshotId> isolated = new HashMap<>();

        History(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            writers.add(Crm.on(sink.client(), work).create());
            writers.add(Crm.on(sink.client(), work).open());
            plainSink = sink.copy();
            plain = Crm.on(plainSink.client(), work).open();
            for (long i = 0; i < 4000 + random.nextInt(4000); i++) {
                state.contacts.put(i * 10, note());
            }
            for (int i = 0; i < 12; i++) {
                state.files.put("dir/" + i, Crm.bytes(random.nextLong(), random.nextInt(i < 3 ? 400_000 : 8_000)));
            }
            sync(new State(new TreeMap<>(), new TreeMap<>()));
        }

        private String note() {
            // Rarely so long that it lies apart, or that the row does.
            int length = random.nextInt(200) == 0 ? random.nextInt(40_000) : random.nextInt(60);
            return Integer.toString(random.nextInt(1 << 30), 36).repeat(length / 6 + 1);
        }

        void change() {
            State before = state;
            earlier.add(state);
            if (random.nextInt(5) == 0) {
                state = earlier.get(random.nextInt(earlier.size())).copy();
            } else {
                state = state.copy();
                changeContacts();
                changeFiles();
            }
            sync(before);
        }

        private void changeContacts() {
            List<Long> ids = new ArrayList<>(state.contacts.keySet());
            int share = random.nextInt(8) == 0 ? 3 : 200;
            for (long id : ids) {
                if (random.nextInt(share) == 0) {
                    switch (random.nextInt(4)) {
                        case 0 -> state.contacts.remove(id);
                        case 1 -> state.contacts.put(id + 1 + random.nextInt(9), note());
                        case 2 -> {
                            String moved = state.contacts.remove(id);
                            state.contacts.put(id + 1 + random.nextInt(9), moved);
                        }
                        default -> state.contacts.put(id, note());
                    }
                }
            }
            if (random.nextInt(4) == 0) {
                long last = state.contacts.isEmpty() ? 0 : state.contacts.lastKey();
                for (int i = 1; i < 500; i++) {
                    state.contacts.put(last + 10 * i, note());
                }
            }
        }

        private void changeFiles() {
            for (int i = 0; i < 3; i++) {
                List<String> paths = new ArrayList<>(state.files.keySet());
                String path = paths.get(random.nextInt(paths.size()));
                byte[] old = state.files.get(path);
                int at = random.nextInt(old.length + 1);
                switch (random.nextInt(6)) {
                    case 0 -> state.files.put(path, join(Arrays.copyOf(old, at), bytes(3000), tail(old, at)));
                    case 1 -> state.files.put(path, join(Arrays.copyOf(old, at), bytes(100), tail(old, at + 100)));
                    case 2 -> state.files.put(path, join(old, bytes(50_000)));
                    case 3 -> state.files.put(path, Arrays.copyOf(old, at));
                    case 4 -> state.files.put("dir/" + random.nextInt(1000), old);
                    default -> {
                        if (paths.size() > 5) {
                            state.files.remove(path);
                            state.files.put(path + "x", old);
                        }
                    }
                }
            }
        }

        private byte[] bytes(int atMost) {
            return Crm.bytes(random.nextLong(), random.nextInt(atMost));
        }

        private byte[] tail(byte[] bytes, int from) {
            return from >= bytes.length ? new byte[0] : Arrays.copyOfRange(bytes, from, bytes.length);
        }

        private byte[] join(byte[]... parts) {
            byte[] all =
                    new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, all, at, part.length);
                at += part.length;
            }
            return all;
        }

        /** Makes the sources hold the state. */
        private void sync(State before) {
            before.contacts.keySet().stream()
                    .filter(id -> !state.contacts.containsKey(id))
                    .forEach(id -> database.remove("contact", Crm.id(id)));
            state.contacts.forEach((id, note) -> {
                if (!note.equals(before.contacts.get(id))) {
                    database.put(
                            "contact",
                            FieldValue.number(id),
                            FieldValue.text("contact " + id),
                            FieldValue.NULL,
                            FieldValue.NULL,
                            FieldValue.text(note));
                }
            });
            before.files.keySet().stream()
                    .filter(path -> !state.files.containsKey(path))
                    .forEach(path -> files.remove("files", RecordKey.path(path)));
            state.files.forEach((path, content) -> {
                if (content != before.files.get(path)) {
                    files.put("files", RecordKey.path(path), FieldValue.of(content));
                }
            });
        }

        void backUp() throws IOException {
            BackupStrategy strategy = switch (random.nextInt(8)) {
                case 0 -> BackupStrategy.full();
                case 1 -> BackupStrategy.full().selfContained();
                case 2, 3 -> BackupStrategy.differential();
                default -> BackupStrategy.incremental();
            };
            boolean all = random.nextInt(3) > 0;
            SnapshotId id = writers.get(random.nextInt(2))
                    .backup(plan(all, Compression.standard()), strategy)
                    .snapshot();
            isolated.put(
                    id,
                    plain.backup(plan(all, Compression.isolated()), strategy).snapshot());
            Map<String, Map<String, Map<String, List<String>>>> contents = new TreeMap<>();
            contents.put("db", Contents.of(database));
            if (all) {
                contents.put("files", Contents.of(files));
            }
            expected.put(id, contents);
        }

        /** Sometimes drops snapshots, and sometimes reclaims what only these needed. */
        void clean() {
            if (random.nextInt(4) == 0) {
                String plan = random.nextBoolean() ? "all" : "db";
                List<Snapshot> dropped = writers.get(random.nextInt(2))
                        .expire(plan, Retention.keep().last(1 + random.nextInt(4)))
                        .commit();
                dropped.forEach(snapshot -> expected.remove(snapshot.id()));
            }
            if (random.nextInt(4) == 0) {
                PruneOptions now =
                        PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ZERO);
                try (PreparedPrune prune =
                        writers.get(random.nextInt(2)).prune(random.nextBoolean() ? now : now.thoroughly())) {
                    prune.commit();
                }
            }
        }

        private BackupPlan plan(boolean all, Compression compression) {
            BackupPlan.Builder plan =
                    BackupPlan.named(all ? "all" : "db").source("db", database).compression("db", compression);
            return all
                    ? plan.source("files", files)
                            .compression("files", compression)
                            .build()
                    : plan.build();
        }

        void check() throws IOException {
            Inside inside = Inside.of(sink);
            Inside insidePlain = Inside.of(plainSink);
            assertThat(insidePlain.copies()).as("seed %d", seed).noneMatch(copy -> copy.base() != null);
            requireDepthOfOne(inside);
            for (SnapshotId id : expected.keySet()) {
                requireContents(writers.get(0), id);
                Manifest manifest = inside.manifest(id);
                assertThat(roots(manifest))
                        .as("seed %d", seed)
                        .isEqualTo(roots(insidePlain.manifest(isolated.get(id))));
                if (manifest.selfContained()) {
                    requireOwnPacksOnly(manifest);
                }
            }
            for (BackupRepository repository : List.of(writers.get(0), writers.get(1), plain)) {
                assertThat(repository.verify(VerifyDepth.allData()).damages())
                        .as("seed %d", seed)
                        .isEmpty();
            }
        }

        private void requireContents(BackupRepository repository, SnapshotId id) throws IOException {
            for (Map.Entry<String, Map<String, Map<String, List<String>>>> source :
                    expected.get(id).entrySet()) {
                assertThat(Contents.of(repository, id, source.getKey()).equals(source.getValue()))
                        .as("seed %d, snapshot %s, source %s is what was backed up", seed, id, source.getKey())
                        .isTrue();
            }
        }

        private void requireDepthOfOne(Inside inside) throws IOException {
            Set<String> packs = new HashSet<>();
            sink.list(
                    "packs/",
                    object -> packs.add(object.name().substring(object.name().lastIndexOf('/') + 1)));
            Map<String, ChunkCopy> places = new HashMap<>();
            inside.copies().forEach(copy -> places.put(copy.pack() + " " + copy.offset(), copy));
            for (ChunkCopy copy : inside.copies()) {
                BaseCopy base = copy.base();
                if (base != null) {
                    ChunkCopy full = places.get(base.pack() + " " + base.offset());
                    if (full == null && !packs.contains(base.pack().toString())) {
                        // A chunk that no snapshot has, in a pack that is kept for others.
                        continue;
                    }
                    assertThat(full).as("seed %d, base of %s", seed, copy).isNotNull();
                    assertThat(full.id()).as("seed %d", seed).isEqualTo(base.id());
                    assertThat(full.base())
                            .as("seed %d, base of %s", seed, copy)
                            .isNull();
                }
            }
        }

        private List<TreeRoot> roots(Manifest manifest) {
            List<TreeRoot> roots = new ArrayList<>();
            manifest.sources().forEach(source -> {
                for (CollectionManifest collection : source.collections()) {
                    roots.add(collection.content());
                    roots.add(collection.fingerprints());
                }
            });
            return roots;
        }

        /** Restores from a copy of the store in which all other packs are missing. */
        private void requireOwnPacksOnly(Manifest manifest) throws IOException {
            Set<String> own = new HashSet<>();
            manifest.packs().forEach(pack -> own.add(pack.toString()));
            InMemorySink rest = sink.copy();
            List<String> others = new ArrayList<>();
            rest.list("packs/", object -> others.add(object.name()));
            others.removeIf(name -> own.contains(name.substring(name.lastIndexOf('/') + 1)));
            for (String name : others) {
                rest.delete(name);
            }
            try (BackupRepository repository = Crm.on(rest, work).open()) {
                requireContents(repository, manifest.id());
            }
        }

        @Override
        public void close() {
            writers.forEach(BackupRepository::close);
            plain.close();
        }
    }
}
