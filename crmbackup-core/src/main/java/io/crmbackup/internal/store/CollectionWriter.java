package io.crmbackup.internal.store;

import io.crmbackup.internal.codec.DictionaryTrainer;
import io.crmbackup.internal.codec.RandomnessProbe;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.pack.DeltaBase;
import io.crmbackup.internal.pack.Dictionary;
import io.crmbackup.internal.pack.Relatives;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stores the chunks of one collection through a session, compressed as the collection wants it. Not thread-safe.
 *
 * <p>Where a dictionary is wanted and none is known, the first small chunks are held back, up to {@value #MOST_HELD} bytes, until it is
 * decided whether one pays: for the session they are on their way as those in an open pack are. Only data has a dictionary. Leaves are long
 * enough to say by themselves what their rows are like.
 */
public final class CollectionWriter implements ChunkWriter {
    private static final int MOST_HELD = 2 * 1024 * 1024;

    /** Chunks of other lengths are not trained on. */
    private static final int SHORTEST_HELD = 64;

    private static final int LONGEST_HELD = 32 * 1024;

    private final StoreSession session;
    private final CollectionCompression compression;
    private final Map<ChunkId, byte[]> held = new LinkedHashMap<>();
    private long heldBytes;

    /** The dictionary that was used before, as long as it was not needed. */
    private @Nullable ChunkId known;

    private @Nullable Dictionary dictionary;

    /** Whether one might be trained. */
    private boolean isOpen;

    CollectionWriter(StoreSession session, CollectionCompression compression) {
        this.session = session;
        this.compression = compression;
        this.known = compression.dictionary();
        this.isOpen = compression.help() == CollectionCompression.Help.DELTAS_AND_DICTIONARY;
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
        return write(type, plain, offset, length, Likeness.NONE);
    }

    @Override
    public ChunkId write(ChunkType type, byte[] plain, int offset, int length, Likeness like) {
        ChunkId id = session.id(type, plain, offset, length);
        if (!session.reuse(id, type)) {
            byte[] own = Arrays.copyOfRange(plain, offset, offset + length);
            DeltaBase base =
                    compression.help() == CollectionCompression.Help.NONE ? null : session.base(id, type, like);
            if (type == ChunkType.DATA) {
                recall();
            }
            if (type == ChunkType.DATA && base == null && isToBeHeld(own)) {
                hold(id, own);
            } else {
                session.store(id, type, own, new Relatives(base, type == ChunkType.DATA ? dictionary : null));
            }
        }
        return id;
    }

    /** Fetches the dictionary that was used before, unless it is lost. */
    private void recall() {
        ChunkId last = known;
        if (last != null) {
            known = null;
            dictionary = session.dictionary(last);
            isOpen = dictionary == null;
        }
    }

    private boolean isToBeHeld(byte[] plain) {
        return isOpen
                && plain.length >= SHORTEST_HELD
                && plain.length <= LONGEST_HELD
                && !RandomnessProbe.looksRandom(plain, 0, plain.length);
    }

    private void hold(ChunkId id, byte[] plain) {
        session.expect(id);
        held.put(id, plain);
        heldBytes += plain.length;
        if (heldBytes >= MOST_HELD) {
            decide();
        }
    }

    /** The plain bytes of a chunk that is held back. */
    byte @Nullable [] held(ChunkId id) {
        return held.get(id);
    }

    /** Trains a dictionary if it pays, and stores what was held back. */
    void decide() {
        if (held.isEmpty()) {
            return;
        }
        byte[] trained = DictionaryTrainer.train(new ArrayList<>(held.values()));
        if (trained != null) {
            dictionary = new Dictionary(write(ChunkType.DICTIONARY, trained), trained);
        }
        isOpen = false;
        Map<ChunkId, byte[]> all = new LinkedHashMap<>(held);
        held.clear();
        heldBytes = 0;
        all.forEach((id, plain) -> session.store(id, ChunkType.DATA, plain, new Relatives(null, dictionary)));
    }

    /**
     * Says that the collection is complete: nothing is held back any more.
     *
     * @return the dictionary that its chunks are compressed with from now on, the known one if it was not needed this time, or null
     */
    public @Nullable ChunkId finish() {
        decide();
        session.finished(this);
        return dictionary == null ? known : dictionary.id();
    }
}
