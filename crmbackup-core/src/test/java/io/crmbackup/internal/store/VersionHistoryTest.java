package io.crmbackup.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.Packs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of chunks: edits, reverts, self-contained runs, two runs at a time, and packs that are condemned between and during runs.
 * Whatever a committed run holds can be read from packs that stay, and no copy is deeper than its base.
 */
class VersionHistoryTest {
    private static final int CHUNKS = 6;
    private static final int RUNS = 15;

    @TempDir
    Path work;

    private final Packs packs = new Packs();
    private final Set<ObjectId> condemned = new HashSet<>();

    /** All versions of each chunk, newest last. */
    private final List<List<byte[]>> versions = new ArrayList<>();

    /** What each committed run holds, and the packs that its log entry names. */
    private final List<Committed> committed = new ArrayList<>();

    private record Committed(List<byte[]> chunks, Set<ObjectId> relies) {}

    @AfterEach
    void close() {
        packs.close();
    }

    private ChunkId id(byte[] plain) {
        return packs.hasher.id(ChunkType.DATA, plain);
    }

    private static byte[] edited(byte[] bytes, Random random) {
        byte[] edited = bytes.clone();
        for (int i = 1 + random.nextInt(random.nextBoolean() ? 3 : 60); i > 0; i--) {
            edited[random.nextInt(edited.length)] ^= (byte) (1 + random.nextInt(255));
        }
        return edited;
    }

    @Test
    void everythingCommittedIsReadFromPacksThatStay() {
        long seed = Long.getLong("crmbackup.seed", 1);
        for (int i = 0; i < 6; i++) {
            condemned.clear();
            versions.clear();
            committed.clear();
            history(seed + i);
        }
    }

    private void history(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < CHUNKS; i++) {
            versions.add(new ArrayList<>(List.of(
                    i % 2 == 0 ? Packs.random(random.nextLong(), 6_000) : Packs.text(random.nextLong(), 20_000))));
        }
        try (ChunkStore store = new ChunkStore(
                packs.store,
                packs.master,
                packs.hasher,
                packs.random,
                work,
                condemned::contains,
                DamageListener.NONE)) {
            int deltas = 0;
            for (int run = 0; run < RUNS; run++) {
                try (Writing first = new Writing(store, random);
                        Writing second = new Writing(store, random)) {
                    for (int i = 0; i < CHUNKS; i++) {
                        first.write(i, random);
                        if (random.nextInt(3) == 0) {
                            second.write(i, random);
                        }
                    }
                    first.flush();
                    condemnSome(store, random);
                    second.flush();
                    first.commit();
                    condemnSome(store, random);
                    second.commit();
                }
                deltas += check(store, "seed " + seed + ", run " + run);
            }
            assertThat(deltas).as("seed %d", seed).isPositive();
        }
    }

    /** Checks everything, and returns how many deltas there are. */
    private int check(ChunkStore store, String when) {
        Map<BaseCopy, ChunkCopy> places = new HashMap<>();
        store.forEachCopy(copy -> places.put(new BaseCopy(copy.pack(), copy.offset(), copy.id()), copy));
        int deltas = 0;
        for (ChunkCopy copy : new HashSet<>(places.values())) {
            BaseCopy base = copy.base();
            if (base != null) {
                deltas++;
                assertThat(places.get(base)).as(when).isNotNull();
                assertThat(places.get(base).codec()).as("%s: depth", when).isNotEqualTo(ChunkCodec.ZSTD_DELTA);
                assertThat(base.id()).as(when).isNotEqualTo(copy.id());
            }
        }
        // What is condemned is gone, for the check; what a run relies on is enough for it.
        Map<String, byte[]> all = new HashMap<>(packs.sink.objects);
        condemned.forEach(pack -> packs.sink.objects.remove(ObjectRole.PACK.name(pack)));
        store.forget();
        for (Committed run : committed) {
            assertThat(Collections.disjoint(run.relies, condemned)).as(when).isTrue();
            for (byte[] chunk : run.chunks) {
                assertThat(store.read(id(chunk), ChunkType.DATA)).as(when).isEqualTo(chunk);
            }
        }
        packs.sink.objects.putAll(all);
        return deltas;
    }

    /** Condemns packs that no committed run relies on, as prune may, and some of a run that has not committed yet. */
    private void condemnSome(ChunkStore store, Random random) {
        // Older runs expire, which is what makes packs free.
        while (committed.size() > 3) {
            committed.remove(0);
        }
        Set<ObjectId> needed =
                committed.stream().flatMap(run -> run.relies.stream()).collect(Collectors.toSet());
        Set<ObjectId> known = new LinkedHashSet<>();
        packs.sink.objects.keySet().stream()
                .filter(name -> name.startsWith("packs/"))
                .sorted()
                .forEach(name -> known.add(ObjectRole.PACK.id(name).orElseThrow()));
        for (ObjectId pack : known) {
            if (!needed.contains(pack) && random.nextInt(3) == 0) {
                condemned.add(pack);
            }
        }
    }

    /** A run that writes. */
    private final class Writing implements AutoCloseable {
        private final ChunkStore store;
        private final StoreSession session;
        private final List<byte[]> chunks = new ArrayList<>();
        private StoredRun run;

        Writing(ChunkStore store, Random random) {
            this.store = store;
            SessionOptions options = SessionOptions.standard().threads(random.nextInt(2));
            this.session =
                    store.session(random.nextInt(5) == 0 ? options.with(SessionOptions.Reuse.OWN_SESSION) : options);
        }

        void write(int chunk, Random random) {
            List<byte[]> history = versions.get(chunk);
            byte[] newest = history.get(history.size() - 1);
            byte[] next = switch (random.nextInt(4)) {
                case 0 -> newest;
                case 1 -> history.get(random.nextInt(history.size()));
                default -> edited(newest, random);
            };
            history.add(next);
            session.write(ChunkType.DATA, next, 0, next.length, () -> id(random.nextInt(8) == 0 ? next : newest));
            chunks.add(next);
            if (random.nextInt(4) == 0) {
                session.flush();
            }
        }

        void flush() {
            run = session.flush();
        }

        /** Replaces what is condemned until nothing is, as a commit does. */
        void commit() {
            int attempts = 0;
            for (Set<ObjectId> lost = lost(); !lost.isEmpty(); lost = lost()) {
                assertThat(++attempts).as("attempts").isLessThan(5);
                run = session.replace(lost);
            }
            run.indexes().keySet().forEach(store::load);
            committed.add(new Committed(chunks, run.relies()));
        }

        private Set<ObjectId> lost() {
            Set<ObjectId> lost = new HashSet<>(run.relies());
            lost.retainAll(condemned);
            return lost;
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
