package io.crmbackup.internal.prune;

import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.store.ChunkStore;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The copies that can be relied on as of one state of the log: they and all that they need lie in good packs that are not lost. Not thread-safe. */
final class Copies {
    private final ChunkStore chunks;
    private final LogState state;
    private final PackUses packs;

    Copies(ChunkStore chunks, LogState state, PackUses packs) {
        this.chunks = chunks;
        this.state = state;
        this.packs = packs;
    }

    List<ChunkCopy> of(ChunkId id, ChunkType type) {
        return chunks.copies(id).stream()
                .filter(copy -> copy.type() == type && isUsable(copy))
                .toList();
    }

    boolean isUsable(ChunkCopy copy) {
        return isUsable(copy.pack())
                && (copy.base() == null || base(copy).filter(this::isUsable).isPresent())
                && hasDictionary(copy);
    }

    private boolean isUsable(ObjectId pack) {
        return state.isGood(pack) && !packs.isLost(pack);
    }

    /** The very copy that a delta names. */
    Optional<ChunkCopy> base(ChunkCopy delta) {
        BaseCopy base = delta.base();
        return base == null
                ? Optional.empty()
                : chunks.copies(base.id()).stream()
                        .filter(copy -> copy.base() == null
                                && copy.pack().equals(base.pack())
                                && copy.offset() == base.offset())
                        .findFirst();
    }

    /** The copies of a dictionary that can be relied on. */
    Stream<ChunkCopy> dictionaries(ChunkId id) {
        return chunks.copies(id).stream()
                .filter(each -> each.base() == null && each.dictionary() == null && isUsable(each.pack()));
    }

    private boolean hasDictionary(ChunkCopy copy) {
        ChunkId id = copy.dictionary();
        return id == null || dictionaries(id).findAny().isPresent();
    }
}
