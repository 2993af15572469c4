package io.crmbackup.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869). */
public final class Hmac {
    /** Length of a result in bytes. */
    public static final int LENGTH = 32;

    private Hmac() {}

    /** HMAC-SHA-256 of the parts, one after the other. */
    public static byte[] of(byte[] key, byte[]... parts) {
        Mac mac = keyed(key);
        for (byte[] part : parts) {
            mac.update(part);
        }
        return mac.doFinal();
    }

    /**
     * The value that a sealed thing carries to show which key it was sealed under. AES-GCM alone lets someone make
     * bytes that open under two keys;
     * with this beside them, they open under one.
     */
    public static byte[] commitment(byte[] key) {
        return of(key, ascii("commit"));
    }

    /** HKDF: extract with {@code salt}, expand with {@code info} to {@code length} bytes (at most 8,160). */
    static byte[] hkdf(byte[] keyMaterial, byte[] salt, byte[] info, int length) {
        if (length < 0 || length > 255 * LENGTH) {
            throw new IllegalArgumentException("HKDF gives at most " + 255 * LENGTH + " bytes, not " + length);
        }
        // An empty salt means LENGTH zero bytes, which as an HMAC key equals any shorter run of zeros.
        byte[] pseudoRandomKey = of(salt.length == 0 ? new byte[LENGTH] : salt, keyMaterial);
        byte[] result = new byte[length];
        byte[] block = new byte[0];
        for (int done = 0, i = 1; done < length; done += LENGTH, i++) {
            block = of(pseudoRandomKey, block, info, new byte[] {(byte) i});
            System.arraycopy(block, 0, result, done, Math.min(LENGTH, length - done));
        }
        return result;
    }

    /** A MAC object for many computations under one key; not thread-safe. */
    public static Mac keyed(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
