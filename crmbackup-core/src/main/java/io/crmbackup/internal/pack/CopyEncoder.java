package io.crmbackup.internal.pack;

import io.crmbackup.internal.codec.ChunkEncoder;
import io.crmbackup.internal.codec.EncodedBytes;
import io.crmbackup.internal.codec.RandomnessProbe;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the best way to encode a chunk: as a delta, with a dictionary, or alone. What needs another chunk costs reads and keeps that chunk
 * alive, so it must gain clearly. Not thread-safe.
 */
final class CopyEncoder implements AutoCloseable {
    private static final byte[] NO_REFERENCES = {};

    /** Longer chunks gain next to nothing by a dictionary. */
    private static final int LONGEST_WITH_DICTIONARY = 64 * 1024;

    /** Next to nothing shrinks to such a share of its length by itself, so that shorter deltas are not compared with anything. */
    private static final int SHORT_DELTA = 32;

    /** Deltas of nodes that take such a share of what the whole probably does are not compared with it either: half of that is the limit. */
    private static final int CLEARLY_SHORTER = 4;

    private final ChunkEncoder encoder;
    private DictionaryHabit habit = new DictionaryHabit();

    /** The dictionary that the habit is about. */
    private @Nullable ChunkId habitWith;

    CopyEncoder(ChunkEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * A chunk's encoding.
     *
     * @param encoded the bytes; valid until the next call
     * @param references what precedes them in the payload
     */
    record Encoding(
            EncodedBytes encoded,
            byte[] references,
            @Nullable BaseCopy base,
            @Nullable ChunkId dictionary) {
        int payloadLength() {
            return references.length + encoded.length();
        }

        int recordLength() {
            return RecordLayout.length(payloadLength());
        }
    }

    Encoding encode(ChunkType type, byte[] plain, Relatives relatives) {
        DeltaBase base = relatives.base();
        byte[] other = base == null ? null : base.plain().get();
        Encoding delta = base == null || other == null ? null : encodeDelta(type, plain, base.copy(), other);
        if (base == null || other == null || delta == null) {
            return encodeAlone(type, plain, relatives.dictionary());
        }
        int length = delta.recordLength();
        if (base.mayBeWornOut(length) && base.isWornOut(length, step(type, plain, base, delta))) {
            return encodeAlone(type, plain, relatives.dictionary());
        }
        if (length <= plain.length / SHORT_DELTA
                || type.isNode() && length <= likely(plain, base, other) / CLEARLY_SHORTER) {
            return delta;
        }
        Encoding full = encodeAlone(type, plain, relatives.dictionary());
        return length <= full.recordLength() / 2 ? delta : full;
    }

    /** What a node probably takes in full: versions of a node hold records of one kind, so that they shrink alike. */
    private static long likely(byte[] plain, DeltaBase base, byte[] other) {
        return (long) base.length() * plain.length / Math.max(1, other.length);
    }

    private @Nullable Encoding encodeDelta(ChunkType type, byte[] plain, BaseCopy base, byte[] other) {
        EncodedBytes delta = delta(type, plain, other);
        if (delta == null) {
            return null;
        }
        // Its own array: the step is measured in the encoder's.
        byte[] bytes = Arrays.copyOf(delta.bytes(), delta.length());
        ByteBuffer references = ByteBuffer.allocate(BaseCopy.LENGTH);
        DirectoryEntries.writeBase(base, references);
        return new Encoding(new EncodedBytes(delta.codec(), bytes, 0, bytes.length), references.array(), base, null);
    }

    private @Nullable EncodedBytes delta(ChunkType type, byte[] plain, byte[] base) {
        return type.isNode()
                ? encoder.encodeNodeDelta(plain, 0, plain.length, base)
                : encoder.encodeDelta(plain, 0, plain.length, base);
    }

    /** The length that a delta's record would have on the version before. */
    private int step(ChunkType type, byte[] plain, DeltaBase base, Encoding delta) {
        byte[] before = base.before().get();
        EncodedBytes step = before == null ? null : delta(type, plain, before);
        return step == null ? delta.recordLength() : RecordLayout.length(BaseCopy.LENGTH + step.length());
    }

    private Encoding encodeAlone(ChunkType type, byte[] plain, @Nullable Dictionary dictionary) {
        if (dictionary == null
                || plain.length > LONGEST_WITH_DICTIONARY
                || RandomnessProbe.looksRandom(plain, 0, plain.length)) {
            return encodeAlone(type, plain);
        }
        DictionaryHabit habit = habitWith(dictionary.id());
        if (habit.compares(plain.length)) {
            Encoding alone = encodeAlone(type, plain);
            Encoding helped = encodeWith(dictionary, plain);
            boolean won = helped != null && helped.recordLength() <= alone.recordLength() - alone.recordLength() / 16;
            habit.compared(plain.length, won);
            return helped != null && won ? helped : alone;
        }
        Encoding helped = habit.isForDictionary(plain.length) ? encodeWith(dictionary, plain) : null;
        return helped == null ? encodeAlone(type, plain) : helped;
    }

    private DictionaryHabit habitWith(ChunkId dictionary) {
        if (!dictionary.equals(habitWith)) {
            habitWith = dictionary;
            habit = new DictionaryHabit();
        }
        return habit;
    }

    private Encoding encodeAlone(ChunkType type, byte[] plain) {
        EncodedBytes encoded = type == ChunkType.LEAF
                ? encoder.encodeLeaf(plain, 0, plain.length)
                : encoder.encode(plain, 0, plain.length);
        return new Encoding(encoded, NO_REFERENCES, null, null);
    }

    private @Nullable Encoding encodeWith(Dictionary dictionary, byte[] plain) {
        EncodedBytes encoded = encoder.encodeWith(dictionary.bytes(), plain, 0, plain.length);
        return encoded == null ? null : new Encoding(encoded, dictionary.id().toBytes(), null, dictionary.id());
    }

    @Override
    public void close() {
        encoder.close();
    }
}
