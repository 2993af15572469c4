package io.crmbackup.internal.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM over segments of 16 KiB (layout: package description). Not thread-safe: one instance per thread.
 *
 * <p>Segments, because the JDK's cipher reaches its hardware path only in short calls: one call over megabytes runs
 * at 20–60 MB/s on JDK 17, calls of 16 KiB at about 1 GB/s. Each
 * key seals one thing only, since the nonces of a thing count from zero; see {@link FreshKeys}.
 */
public final class SegmentedAead {
    /** Plain bytes of a full segment. */
    public static final int SEGMENT = 16 * 1024;

    /** Bytes that each segment grows by. */
    public static final int TAG = 16;

    /** Length of a key in bytes. */
    public static final int KEY = 32;

    /** Most segments under one key: 16 GiB. */
    public static final int MAX_SEGMENTS = 1 << 20;

    /** What is sealed. The domain is part of each nonce. */
    public enum Domain {
        /** A chunk in a pack. */
        CHUNK(0x43484e4b),
        /** The header of a record in a pack, under the same key as what it heads. */
        CHUNK_HEADER(0x48454144),
        /** A whole object that is not a pack. */
        OBJECT(0x4f424a54);

        private final int code;

        Domain(int code) {
            this.code = code;
        }
    }

    private final Domain domain;
    private final Cipher cipher;

    /** Creates the cipher for one kind of thing. */
    public SegmentedAead(Domain domain) {
        this.domain = domain;
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES/GCM/NoPadding", e);
        }
    }

    /** Length of the sealed form of {@code plainLength} bytes, which lie in 0 to 16 GiB. */
    public static long sealedLength(long plainLength) {
        if (plainLength < 0 || plainLength > (long) MAX_SEGMENTS * SEGMENT) {
            throw new IllegalArgumentException("can't seal " + plainLength + " bytes under one key");
        }
        return plainLength + TAG * Math.max(1, (plainLength + SEGMENT - 1) / SEGMENT);
    }

    /** Length of the plain form of {@code sealedLength} bytes, or -1 if nothing has a sealed form of that length. */
    public static long plainLength(long sealedLength) {
        long segments = (sealedLength + SEGMENT + TAG - 1) / (SEGMENT + TAG);
        long plain = sealedLength - segments * TAG;
        boolean possible =
                segments >= 1 && segments <= MAX_SEGMENTS && plain >= 0 && sealedLength(plain) == sealedLength;
        return possible ? plain : -1;
    }

    /**
     * Seals {@code length} bytes of {@code plain} into {@code target}, which must not be the same array.
     *
     * @param key 32 bytes that seal nothing else
     * @return the number of bytes written, which is {@link #sealedLength}
     */
    public int seal(byte[] key, byte[] aad, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        Objects.checkFromIndexSize(offset, length, plain.length);
        int sealed = Math.toIntExact(sealedLength(length));
        Objects.checkFromIndexSize(targetOffset, sealed, target.length);
        SecretKeySpec spec = spec(key);
        int at = targetOffset;
        int end = offset + length;
        int from = offset;
        try {
            for (int segment = 0; ; segment++) {
                int n = Math.min(SEGMENT, end - from);
                boolean last = from + n == end;
                cipher.init(Cipher.ENCRYPT_MODE, spec, nonce(segment, last));
                cipher.updateAAD(aad);
                at += ShortCalls.encrypt(cipher, plain, from, n, target, at);
                from += n;
                if (last) {
                    return sealed;
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to seal", e);
        }
    }

    /**
     * Opens {@code length} sealed bytes into {@code target}, which must not be the same array and has {@link
     * #plainLength} bytes free. On failure the target's bytes are meaningless.
     *
     * @return the number of plain bytes
     * @throws NotAuthenticException if any bit of the sealed bytes, of the AAD or of the key is not as it was
     */
    public int open(byte[] key, byte[] aad, byte[] sealed, int offset, int length, byte[] target, int targetOffset)
            throws NotAuthenticException {
        Objects.checkFromIndexSize(offset, length, sealed.length);
        long plain = plainLength(length);
        if (plain < 0) {
            throw new NotAuthenticException("has an impossible length");
        }
        Objects.checkFromIndexSize(targetOffset, (int) plain, target.length);
        SecretKeySpec spec = spec(key);
        int at = targetOffset;
        int end = offset + length;
        int from = offset;
        try {
            for (int segment = 0; ; segment++) {
                int n = Math.min(SEGMENT + TAG, end - from);
                boolean last = from + n == end;
                cipher.init(Cipher.DECRYPT_MODE, spec, nonce(segment, last));
                cipher.updateAAD(aad);
                at += cipher.doFinal(sealed, from, n, target, at);
                from += n;
                if (last) {
                    return (int) plain;
                }
            }
        } catch (AEADBadTagException e) {
            throw new NotAuthenticException("fails its authentication");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to open", e);
        }
    }

    private static SecretKeySpec spec(byte[] key) {
        if (key.length != KEY) {
            throw new IllegalArgumentException("an AES-256 key has " + KEY + " bytes, not " + key.length);
        }
        return new SecretKeySpec(key, "AES");
    }

    private GCMParameterSpec nonce(int segment, boolean last) {
        byte[] nonce = ByteBuffer.allocate(12)
                .putInt(domain.code)
                .putLong((long) segment << 8 | (last ? 1 : 0))
                .array();
        return new GCMParameterSpec(TAG * 8, nonce);
    }
}
