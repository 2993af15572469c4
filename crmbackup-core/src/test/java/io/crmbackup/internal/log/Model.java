package io.crmbackup.internal.log;

import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A repository of two chunks, A and B, in which everything but the log is as small as can be. */
final class Model {
    static final ObjectId NO_PACK = new ObjectId(0, 0);
    private static final MasterKey MASTER = MasterKey.of(RepositoryId.of(new byte[16]), new byte[32]);
    private static final Retries RETRIES = Retries.immediately(2);

    /**
     * A copy of a chunk: the only one in its pack and in its index.
     *
     * @param base the pack of the full copy that it is a delta to, or null
     * @param index the index that lists it
     */
    record Copy(char chunk, ObjectId pack, @Nullable ObjectId base, ObjectId index) {
        IdSet packs() {
            return base == null ? IdSet.of(pack) : IdSet.of(pack, base);
        }

        IndexRef indexRef() {
            return new IndexRef(index, IdSet.of(pack));
        }
    }

    final ModelSink sink;
    final Random random;
    final ObjectStore store;
    final SecureRandom ids;
    final Log.Context context;

    Model(ModelSink sink, Random random) {
        this.sink = sink;
        this.random = random;
        this.ids = new SeededIds(random.nextLong());
        this.store = new ObjectStore(sink, RETRIES);
        this.context =
                new Log.Context(store, new ObjectSealer(MASTER, ids), ids, InstantSource.fixed(Instant.EPOCH), RETRIES);
    }

    /** Snapshot 0 with A and B, where B is a delta to A's copy; with a second, full copy of B if wanted. */
    void start(List<Copy> extra) {
        Log log = Log.begin(context, ObjectId.random(ids));
        Copy a = write('A', ObjectId.random(ids), null);
        Copy b = write('B', ObjectId.random(ids), a.pack());
        List<Copy> copies = new ArrayList<>(List.of(a, b));
        extra.forEach(copy -> copies.add(write(copy.chunk(), ObjectId.random(ids), null)));
        ObjectId snapshot = ObjectId.random(ids);
        putManifest(snapshot, "AB");
        log.commit(
                new LogEntry.Commit(
                        Entries.summary(snapshot),
                        IdSet.empty(),
                        copies.stream().map(Copy::indexRef).toList(),
                        IdSet.of(copies.stream().map(Copy::pack).toList())),
                CommitRepair.NONE);
    }

    /** Puts a pack and then its index, each until the sink confirms it. */
    Copy write(char chunk, ObjectId pack, @Nullable ObjectId base) {
        putPack(chunk, pack, base);
        return putIndex(chunk, pack, base);
    }

    void putPack(char chunk, ObjectId pack, @Nullable ObjectId base) {
        store.put(ObjectRole.PACK.name(pack), text(chunk + " " + (base == null ? NO_PACK : base)));
    }

    Copy putIndex(char chunk, ObjectId pack, @Nullable ObjectId base) {
        ObjectId index = ObjectId.random(ids);
        store.put(ObjectRole.INDEX.name(index), text(chunk + " " + pack + " " + (base == null ? NO_PACK : base)));
        return new Copy(chunk, pack, base, index);
    }

    void putManifest(ObjectId snapshot, String chunks) {
        store.put(ObjectRole.SNAPSHOT.name(snapshot), text(chunks));
    }

    String chunks(ObjectId snapshot) {
        return new String(
                store.get(ObjectRole.SNAPSHOT, ObjectRole.SNAPSHOT.name(snapshot)), StandardCharsets.US_ASCII);
    }

    Optional<Copy> copy(ObjectId index) {
        return store.find(ObjectRole.INDEX, ObjectRole.INDEX.name(index)).map(bytes -> {
            String[] fields = new String(bytes, StandardCharsets.US_ASCII).split(" ", -1);
            ObjectId base = ObjectId.parse(fields[2]);
            return new Copy(fields[0].charAt(0), ObjectId.parse(fields[1]), base.equals(NO_PACK) ? null : base, index);
        });
    }

    List<Copy> copies(Iterable<ObjectId> indexes) {
        List<Copy> copies = new ArrayList<>();
        indexes.forEach(index -> copy(index).ifPresent(copies::add));
        return copies;
    }

    IdSet listed(ObjectRole role) {
        List<ObjectId> found = new ArrayList<>();
        store.list(role.prefix(), object -> role.id(object.name()).ifPresent(found::add));
        return IdSet.of(found);
    }

    /**
     * What a reader would miss: live snapshots' chunks without a copy whose packs are there; {@code strict}: and not
     * condemned.
     */
    List<String> lost(boolean strict) {
        LogState state = Log.open(context, null).state();
        List<Copy> copies = copies(state.indexes().keySet());
        List<String> lost = new ArrayList<>();
        for (LogState.Live live : state.snapshots()) {
            ObjectId snapshot = live.summary().id();
            for (char chunk : chunks(snapshot).toCharArray()) {
                boolean there = copies.stream()
                        .filter(copy -> copy.chunk() == chunk)
                        .filter(copy -> !strict
                                || state.condemned().intersect(copy.packs()).isEmpty())
                        .anyMatch(copy -> copy.packs().stream()
                                .allMatch(pack -> sink.objects.containsKey(ObjectRole.PACK.name(pack))));
                if (!there) {
                    lost.add("chunk " + chunk + " of snapshot " + snapshot + " committed at " + live.number());
                }
            }
        }
        return lost;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Ids that are the same in every run of a seed. */
    private static final class SeededIds extends SecureRandom {
        private static final long serialVersionUID = 1L;
        private final Random random;

        SeededIds(long seed) {
            this.random = new Random(seed);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    }
}
