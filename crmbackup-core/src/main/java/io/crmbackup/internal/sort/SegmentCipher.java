package io.crmbackup.internal.sort;

import io.crmbackup.internal.crypto.ShortCalls;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Seals the segments of runs under a key that is made here and never leaves. Not thread-safe. */
final class SegmentCipher {
    /** The plain length of every segment but the last of a run. */
    static final int SEGMENT = 16 << 10;

    static final int TAG = 16;
    private static final int NONCE = 12;

    private final SecretKeySpec key;
    private final Cipher cipher;

    SegmentCipher() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, "AES");
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /** Seals a segment and returns how long it is then. */
    int seal(int run, long segment, byte[] plain, int length, byte[] sealed) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(run, segment));
            return ShortCalls.encrypt(cipher, plain, 0, length, sealed, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a segment can't be sealed", e);
        }
    }

    /**
     * Opens a segment and returns how long it is then.
     *
     * @throws AEADBadTagException if it isn't the segment that was sealed
     */
    int open(int run, long segment, byte[] sealed, int length, byte[] plain) throws AEADBadTagException {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(run, segment));
            return cipher.doFinal(sealed, 0, length, plain, 0);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a segment can't be opened", e);
        }
    }

    private static GCMParameterSpec nonce(int run, long segment) {
        byte[] nonce = ByteBuffer.allocate(NONCE).putInt(run).putLong(segment).array();
        return new GCMParameterSpec(TAG * Byte.SIZE, nonce);
    }
}
