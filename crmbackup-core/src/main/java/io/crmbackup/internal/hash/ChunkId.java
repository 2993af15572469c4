package io.crmbackup.internal.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The name of a chunk: 32 bytes, HMAC-SHA-256 over type and plain bytes. Immutable; ordered by unsigned bytes. */
public final class ChunkId implements Comparable<ChunkId> {
    /** Length of an id in bytes. */
    public static final int LENGTH = 32;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    private ChunkId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies the 32 bytes that begin at {@code offset}. */
    public static ChunkId at(byte[] source, int offset) {
        return new ChunkId(Arrays.copyOfRange(source, offset, offset + LENGTH));
    }

    /** Copies an array of exactly 32 bytes. */
    public static ChunkId of(byte[] source) {
        if (source.length != LENGTH) {
            throw new IllegalArgumentException("a chunk id has " + LENGTH + " bytes, not " + source.length);
        }
        return new ChunkId(source.clone());
    }

    /** Reads 64 hexadecimal digits. */
    public static ChunkId parse(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** A copy of the 32 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Writes the 32 bytes to {@code target} from {@code offset} on. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(bytes, 0, target, offset, LENGTH);
    }

    /** The first eight bytes as a big-endian number: uniformly distributed, since ids are keyed hashes. */
    public long prefix() {
        return ((long) (int) INT.get(bytes, 0) << 32) | ((int) INT.get(bytes, 4) & 0xffffffffL);
    }

    @Override
    public int compareTo(ChunkId other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ChunkId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return (int) INT.get(bytes, 0);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
