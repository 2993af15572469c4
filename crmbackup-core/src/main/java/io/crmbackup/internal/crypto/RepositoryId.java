package io.crmbackup.internal.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The name of a repository: 16 random bytes, drawn when it is created. Not secret. Immutable. */
public final class RepositoryId {
    /** Length of an id in bytes. */
    public static final int LENGTH = 16;

    private final byte[] bytes;

    private RepositoryId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Draws a new id. */
    public static RepositoryId random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new RepositoryId(bytes);
    }

    /** Copies an array of exactly 16 bytes. */
    public static RepositoryId of(byte[] source) {
        if (source.length != LENGTH) {
            throw new IllegalArgumentException("a repository id has " + LENGTH + " bytes, not " + source.length);
        }
        return new RepositoryId(source.clone());
    }

    /** Reads 32 hexadecimal digits. */
    public static RepositoryId parse(String hex) {
        return of(HexFormat.of().parseHex(hex));
    }

    /** A copy of the 16 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RepositoryId that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
