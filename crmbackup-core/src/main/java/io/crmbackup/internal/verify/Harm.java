package io.crmbackup.internal.verify;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.manifest.CollectionManifest;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.SchemaDocuments;
import io.crmbackup.internal.manifest.SourceManifest;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.tree.BlobRef;
import io.crmbackup.internal.tree.BlobWalk;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.internal.tree.TreeVisitor;
import io.crmbackup.internal.tree.TreeWalk;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RecordKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Walks through everything that snapshots need and notes what is missing of it. A subtree in which nothing was missing is not visited again for
 * other snapshots; one in which something was is, so that each snapshot's harm is told. Not thread-safe.
 */
final class Harm {
    private final Storage storage;
    private final BadCopies badCopies;
    private final SoundTrees sound = new SoundTrees();
    private final Map<String, Found> found = new LinkedHashMap<>();
    private long notes;

    /** What damage of one object was found to harm. */
    private static final class Found {
        private final Set<SnapshotId> snapshots = new LinkedHashSet<>();
        private final Set<String> items = new LinkedHashSet<>();
        private String what = "";
    }

    Harm(Storage storage, BadCopies badCopies) {
        this.storage = storage;
        this.badCopies = badCopies;
    }

    /** Checks everything that a snapshot needs. */
    void check(Manifest manifest) {
        ChunkReader reader = storage.reader(manifest);
        for (SourceManifest source : manifest.sources()) {
            need(manifest, source.attributes(), ChunkType.SCHEMA, () -> source.name() + ": all of it");
            for (CollectionManifest collection : source.collections()) {
                new OneCollection(manifest, source.name() + "/" + collection.name(), reader).check(collection);
            }
        }
    }

    /** A collection of a snapshot. */
    private final class OneCollection {
        private final Manifest manifest;
        private final String place;
        private final ChunkReader reader;

        OneCollection(Manifest manifest, String place, ChunkReader reader) {
            this.manifest = manifest;
            this.place = place;
            this.reader = reader;
        }

        void check(CollectionManifest collection) {
            if (!need(manifest, collection.schema(), ChunkType.SCHEMA, () -> place + ": all of it")) {
                return;
            }
            ChunkId dictionary = collection.dictionary();
            if (dictionary != null) {
                need(manifest, dictionary, ChunkType.DICTIONARY, () -> place + ": its dictionary");
            }
            guarded(() -> place + ": all of it", () -> {
                StoredCollection stored = StoredCollection.of(
                        collection,
                        new SchemaDocuments().readSchema(reader, collection.schema()),
                        storage.trees(),
                        reader);
                walk(collection.fingerprints(), () -> place + ": fingerprints", (key, value) -> {});
                walk(
                        collection.content(),
                        () -> place + ": a part of its records",
                        (key, value) -> checkApart(stored, key, value));
            });
        }

        private void walk(TreeRoot root, Supplier<String> item, RecordVisitor records) {
            sound.begin();
            guarded(
                    item,
                    () -> new TreeWalk(storage.trees(), reader).walk(root, new TreeVisitor() {
                        @Override
                        public boolean enter(ChunkId id, int level) {
                            Interruption.check();
                            return sound.enter(id, level, notes) && isReadable(id, level, item);
                        }

                        @Override
                        public void record(byte[] key, byte[] value) {
                            records.record(key, value);
                        }
                    }));
            sound.end(notes);
        }

        private boolean isReadable(ChunkId id, int level, Supplier<String> item) {
            ChunkType type = level == 0 ? ChunkType.LEAF : ChunkType.INNER;
            return need(manifest, id, type, item) && guarded(item, () -> reader.read(id, type));
        }

        private void checkApart(StoredCollection stored, byte[] key, byte[] value) {
            Supplier<String> item = () -> place + ": " + text(stored, key, value);
            guarded(item, () -> {
                for (BlobRef ref : stored.decoder().apart(value)) {
                    new BlobWalk(reader).walk(ref, (id, level, length) -> {
                        Interruption.check();
                        return need(manifest, id, level == 0 ? ChunkType.DATA : ChunkType.BLOB, item);
                    });
                }
            });
        }

        private String text(StoredCollection stored, byte[] key, byte[] value) {
            RecordKey whole = stored.decoder().key(key, value);
            return stored.schema().isKeyed() ? RecordText.key(stored.schema(), whole) : "a row";
        }

        /** Does what may find damage of its own; false if it does. */
        private boolean guarded(Supplier<String> item, Runnable work) {
            try {
                work.run();
                return true;
            } catch (DamagedObjectException e) {
                note(manifest, e.object(), String.valueOf(e.getMessage()), item.get());
                return false;
            }
        }
    }

    @FunctionalInterface
    private interface RecordVisitor {
        void record(byte[] key, byte[] value);
    }

    /** Whether a chunk has a copy that is not known to be bad; notes what is harmed if it has none. */
    private boolean need(Manifest manifest, ChunkId id, ChunkType type, Supplier<String> item) {
        List<ChunkCopy> copies = storage.chunks().copies(id).stream()
                .filter(copy -> copy.type() == type && isRelied(copy))
                .toList();
        if (copies.isEmpty()) {
            note(manifest, "chunk " + id, "a chunk of type " + type + " is in no index of packs that stay", item.get());
            return false;
        }
        if (badCopies.isEmpty()) {
            return true;
        }
        Set<ObjectId> because = new LinkedHashSet<>();
        for (ChunkCopy copy : copies) {
            Set<ObjectId> packs = badCopies.because(copy);
            if (packs.isEmpty()) {
                return true;
            }
            because.addAll(packs);
        }
        because.forEach(pack -> note(manifest, ObjectRole.PACK.name(pack), "", item.get()));
        return false;
    }

    /** Whether a copy lies in packs that were not given up: those are going to be deleted. */
    private boolean isRelied(ChunkCopy copy) {
        IdSet condemned = storage.log().state().condemned();
        BaseCopy base = copy.base();
        return !condemned.contains(copy.pack()) && (base == null || !condemned.contains(base.pack()));
    }

    private void note(Manifest manifest, String object, String what, String item) {
        notes++;
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
        String name = ObjectRole.PACK.name(pack);
        Found harm = found.remove(name);
        return harm == null
                ? new Damage(name, what + "; every snapshot can be restored all the same", List.of(), List.of())
                : new Damage(name, what, List.copyOf(harm.snapshots), List.copyOf(harm.items));
    }

    /** What else was found. */
    List<Damage> elsewhere() {
        List<Damage> damages = new ArrayList<>();
        found.forEach((object, harm) ->
                damages.add(new Damage(object, harm.what, List.copyOf(harm.snapshots), List.copyOf(harm.items))));
        return damages;
    }
}
