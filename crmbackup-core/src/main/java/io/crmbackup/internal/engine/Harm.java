package io.crmbackup.internal.engine;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.internal.tree.BlobWalk;
import io.crmbackup.internal.tree.TreeVisitor;
import io.crmbackup.internal.tree.TreeWalk;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Walks through everything that snapshots need and notes what is missing of it. As long as nothing is bad, nodes that snapshots share are
 * visited once; a snapshot with missing parts is walked through whole, so that the report is complete. Not thread-safe.
 */
final class Harm {
    private final Storage storage;
    private final Map<ChunkId, Set<ObjectId>> badCopies;
    private final Set<ChunkId> sound = new HashSet<>();
    private final Map<String, Found> found = new LinkedHashMap<>();

    /** What damage of one object was found to harm. */
    private static final class Found {
        private final Set<SnapshotId> snapshots = new LinkedHashSet<>();
        private final Set<String> items = new LinkedHashSet<>();
        private String what = "";
    }

    Harm(Storage storage, Map<ChunkId, Set<ObjectId>> badCopies) {
        this.storage = storage;
        this.badCopies = badCopies;
    }

    /** Checks everything that a snapshot needs. */
    void check(Manifest manifest) {
        ChunkReader reader = storage.reader(manifest);
        manifest.sources()
                .forEach(source ->
                        need(manifest, source.attributes(), ChunkType.SCHEMA, source.name() + ": its attributes"));
        for (var source : manifest.sources()) {
            for (CollectionManifest collection : source.collections()) {
                String place = source.name() + "/" + collection.name();
                if (need(manifest, collection.schema(), ChunkType.SCHEMA, place + ": all of it")) {
                    Documents documents = new Documents(new io.crmbackup.internal.manifest.SchemaDocuments(), reader);
                    try {
                        check(
                                manifest,
                                place,
                                StoredCollection.of(
                                        collection, documents.schema(collection.schema()), storage.trees(), reader));
                    } catch (DamagedObjectException e) {
                        note(manifest, e.object(), String.valueOf(e.getMessage()), place + ": some of it");
                    }
                }
            }
        }
    }

    private void check(Manifest manifest, String place, StoredCollection collection) {
        TreeWalk walk = new TreeWalk(storage.trees(), collection.reader());
        BlobWalk blobs = new BlobWalk(collection.reader());
        walk.walk(
                collection.manifest().fingerprints(),
                (id, level) -> enter(manifest, collection.reader(), id, level, place + ": fingerprints"));
        walk.walk(collection.manifest().content(), new TreeVisitor() {
            @Override
            public boolean enter(ChunkId id, int level) {
                return Harm.this.enter(manifest, collection.reader(), id, level, place + ": a part of its records");
            }

            @Override
            public void record(byte[] key, byte[] value) {
                for (BlobRef ref : collection.decoder().apart(value)) {
                    blobs.walk(ref, (id, level, length) -> {
                        Interruption.check();
                        ChunkType type = level == 0 ? ChunkType.DATA : ChunkType.BLOB;
                        return need(
                                manifest,
                                id,
                                type,
                                place + ": "
                                        + RecordText.key(
                                                collection.schema(),
                                                collection.decoder().key(key, value)));
                    });
                }
            }
        });
    }

    private boolean enter(Manifest manifest, ChunkReader reader, ChunkId id, int level, String item) {
        Interruption.check();
        ChunkType type = level == 0 ? ChunkType.LEAF : ChunkType.INNER;
        if (!need(manifest, id, type, item)) {
            return false;
        }
        boolean isNew = sound.add(id);
        if (isNew) {
            try {
                reader.read(id, type);
            } catch (DamagedObjectException e) {
                note(manifest, e.object(), String.valueOf(e.getMessage()), item);
                return false;
            }
        }
        return isNew || !badCopies.isEmpty();
    }

    /** Whether a chunk has a copy that is not known to be bad; notes what is harmed if it has none. */
    private boolean need(Manifest manifest, ChunkId id, ChunkType type, String item) {
        List<ChunkCopy> copies = storage.chunks().copies(id);
        if (copies.isEmpty()) {
            note(manifest, "chunk " + id, "a chunk of type " + type + " is in no index", item);
            return false;
        }
        if (badCopies.isEmpty() || copies.stream().anyMatch(this::isSound)) {
            return true;
        }
        for (ChunkCopy copy : copies) {
            for (ObjectId pack : badPacks(copy)) {
                note(manifest, VerifyRun.name(pack), "", item);
            }
        }
        return false;
    }

    private boolean isSound(ChunkCopy copy) {
        return badPacks(copy).isEmpty();
    }

    /** The packs because of which a copy can't be read: its own, or its base's. */
    private Set<ObjectId> badPacks(ChunkCopy copy) {
        Set<ObjectId> packs = new HashSet<>();
        if (badCopies.getOrDefault(copy.id(), Set.of()).contains(copy.pack())) {
            packs.add(copy.pack());
        }
        BaseCopy base = copy.base();
        if (base != null && badCopies.getOrDefault(base.id(), Set.of()).contains(base.pack())) {
            packs.add(base.pack());
        }
        return packs;
    }

    private void note(Manifest manifest, String object, String what, String item) {
        Found harm = found.computeIfAbsent(object, any -> new Found());
        harm.snapshots.add(manifest.id());
        if (harm.items.size() < Damage.MOST_ITEMS) {
            harm.items.add(item);
        }
        if (!what.isEmpty()) {
            harm.what = what;
        }
    }

    /** The damage of a pack with what it harms, which may be nothing: then other copies are good, or nothing needs it. */
    Damage of(ObjectId pack, String what) {
        Found harm = found.remove(VerifyRun.name(pack));
        return harm == null
                ? new Damage(
                        VerifyRun.name(pack),
                        what + "; every snapshot can be restored without it",
                        List.of(),
                        List.of())
                : new Damage(VerifyRun.name(pack), what, List.copyOf(harm.snapshots), List.copyOf(harm.items));
    }

    /** What else was found. */
    List<Damage> elsewhere() {
        List<Damage> damages = new ArrayList<>();
        found.forEach((object, harm) ->
                damages.add(new Damage(object, harm.what, List.copyOf(harm.snapshots), List.copyOf(harm.items))));
        return damages;
    }
}
