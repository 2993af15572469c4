package io.crmbackup.internal.hash;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes chunk ids: HMAC-SHA-256(key, type ‖ plain bytes). Keyed, so that a file's presence can't be confirmed by its hash and
 * ids of two repositories are unrelated. Not thread-safe: one instance per thread, see {@link #fork()}.
 */
public final class ChunkHasher {
    private final SecretKeySpec key;
    private final Mac mac;
    private final byte[] id = new byte[ChunkId.LENGTH];

    /** Creates a hasher with the repository's id key. */
    public ChunkHasher(byte[] key) {
        this(new SecretKeySpec(key, "HmacSHA256"));
    }

    private ChunkHasher(SecretKeySpec key) {
        this.key = key;
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** Another hasher with the same key, for another thread. */
    public ChunkHasher fork() {
        return new ChunkHasher(key);
    }

    /** The id of a whole array. */
    public ChunkId id(ChunkType type, byte[] plain) {
        return id(type, plain, 0, plain.length);
    }

    /** The id of a part of an array. */
    public ChunkId id(ChunkType type, byte[] plain, int offset, int length) {
        mac.update(type.code());
        mac.update(plain, offset, length);
        try {
            mac.doFinal(id, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the buffer has the length of the digest", e);
        }
        return ChunkId.of(id);
    }
}
