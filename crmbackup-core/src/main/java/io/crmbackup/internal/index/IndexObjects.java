package io.crmbackup.internal.index;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.pack.DirectoryEntries;
import io.crmbackup.internal.pack.StoredPack;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Index objects in the sink; layout: package description. Thread-safe. */
public final class IndexObjects {
    static final int PACK_HEADER = ObjectId.LENGTH + 8 + 4;

    private final ObjectStore store;
    private final ObjectSealer sealer;
    private final SecureRandom random;

    /** Creates the view of a repository's index objects. */
    public IndexObjects(ObjectStore store, ObjectSealer sealer, SecureRandom random) {
        this.store = store;
        this.sealer = sealer;
        this.random = random;
    }

    /** An index object that was put: its id, its length in the sink, and the packs that it lists. */
    public record StoredIndex(ObjectId id, long length, Set<ObjectId> packs) {}

    /** Length of what an index object says about a pack. */
    static int length(StoredPack pack) {
        return PACK_HEADER + DirectoryEntries.length(pack.copies());
    }

    /**
     * Puts an index object under a new id. The packs are stored already.
     *
     * @throws SinkException if it is not known to be stored
     */
    StoredIndex put(List<StoredPack> packs) {
        int length = 4 + packs.stream().mapToInt(IndexObjects::length).sum();
        ByteBuffer content = ByteBuffer.allocate(length).putInt(packs.size());
        for (StoredPack pack : packs) {
            content.put(pack.id().toBytes());
            content.putLong(pack.length());
            content.putInt(pack.copies().size());
            pack.copies().forEach(copy -> DirectoryEntries.write(copy, content));
        }
        ObjectId id = ObjectId.random(random);
        String name = ObjectRole.INDEX.name(id);
        byte[] object = sealer.seal(ObjectRole.INDEX, name, content.array());
        if (store.put(name, object) != ObjectStore.Outcome.STORED) {
            throw new SinkException("could not write " + name + ": the name is taken by something else");
        }
        return new StoredIndex(
                id, object.length, packs.stream().map(StoredPack::id).collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * Reads an index object.
     *
     * @throws DamagedObjectException if it is missing or damaged; some packs may have been handed out before
     * @throws SinkException if the sink can't be read
     */
    public void read(ObjectId id, Consumer<StoredPack> consumer) {
        String name = ObjectRole.INDEX.name(id);
        ByteBuffer content = ByteBuffer.wrap(sealer.open(ObjectRole.INDEX, name, store.get(ObjectRole.INDEX, name)));
        try {
            int packs = content.getInt();
            for (int i = 0; i < packs; i++) {
                ObjectId pack = new ObjectId(content.getLong(), content.getLong());
                long length = content.getLong();
                int chunks = content.getInt();
                consumer.accept(new StoredPack(pack, length, DirectoryEntries.read(pack, chunks, content)));
            }
            if (packs < 0 || content.hasRemaining()) {
                throw new DamagedObjectException(name, "does not end after its last pack");
            }
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new DamagedObjectException(name, "does not have the content of an index", e);
        }
    }
}
