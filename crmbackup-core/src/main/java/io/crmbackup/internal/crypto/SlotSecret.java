package io.crmbackup.internal.crypto;

import java.nio.CharBuffer;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Arrays;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * What opens a key slot: a passphrase, a key file's bytes, or nothing. Holds a copy of the secret until {@link
 * #close()}. Not thread-safe.
 */
public final class SlotSecret implements AutoCloseable {
    /** Iterations of PBKDF2-HMAC-SHA-512 for new slots (OWASP's figure of 2023). */
    public static final int DEFAULT_ITERATIONS = 210_000;

    /**
     * Fewest iterations that are accepted: less would make a stolen slot cheap to guess, and only a forger writes it.
     */
    public static final int MIN_ITERATIONS = 100_000;

    /** Most iterations that are accepted: more would let a forged slot keep the processor busy for minutes. */
    public static final int MAX_ITERATIONS = 10_000_000;

    /** Fewest bytes of a key file. */
    public static final int MIN_KEY_FILE = 32;

    /** Most bytes of a key file. */
    public static final int MAX_KEY_FILE = 1 << 20;

    private static final int MIN_DISTINCT_BYTES = 8;
    private static final byte[] NO_ENCRYPTION = Hmac.ascii("crmbackup/1 no encryption");
    private static final byte[] KEK_INFO = Hmac.ascii("crmbackup/1/slot");

    private final SlotKind kind;
    private final int iterations;
    private final byte[] keyFile;
    private final char[] passphrase;

    private SlotSecret(SlotKind kind, int iterations, byte[] keyFile, char[] passphrase) {
        this.kind = kind;
        this.iterations = iterations;
        this.keyFile = keyFile;
        this.passphrase = passphrase;
    }

    /** A passphrase; new slots take {@link #DEFAULT_ITERATIONS}. The caller wipes its own array. */
    public static SlotSecret passphrase(char[] passphrase) {
        return passphrase(passphrase, DEFAULT_ITERATIONS);
    }

    /** A passphrase and the iterations for new slots, {@link #MIN_ITERATIONS} to {@link #MAX_ITERATIONS}. */
    public static SlotSecret passphrase(char[] passphrase, int iterations) {
        if (passphrase.length == 0) {
            throw new IllegalArgumentException(
                    "the passphrase is empty; a repository without secrecy has to be asked for by name");
        }
        if (!acceptable(iterations)) {
            throw new IllegalArgumentException(
                    iterations + " iterations; allowed are " + MIN_ITERATIONS + " to " + MAX_ITERATIONS);
        }
        return new SlotSecret(SlotKind.PASSPHRASE, iterations, new byte[0], normalized(passphrase));
    }

    /**
     * The whole content of a key file: 32 to 1,048,576 bytes, best drawn at random. One that is nearly constant (a
     * file of zeros, a disk that failed while the key was written) is
     * refused.
     */
    public static SlotSecret keyFile(byte[] content) {
        if (content.length < MIN_KEY_FILE || content.length > MAX_KEY_FILE) {
            throw new IllegalArgumentException("the key file has " + content.length + " bytes; allowed are "
                    + MIN_KEY_FILE + " to " + MAX_KEY_FILE);
        }
        boolean[] seen = new boolean[256];
        int distinct = 0;
        for (byte b : content) {
            if (!seen[b & 0xff]) {
                seen[b & 0xff] = true;
                distinct++;
            }
        }
        if (distinct < MIN_DISTINCT_BYTES) {
            throw new IllegalArgumentException(
                    "the key file has only " + distinct + " different byte values, so it is no random key");
        }
        return new SlotSecret(SlotKind.KEY_FILE, 0, content.clone(), new char[0]);
    }

    /**
     * No secret: the slot can be opened by anyone who can read it, so everything in the repository can. Objects are
     * still sealed, by the same code, under a key that is no secret: alteration by accident is
     * found as in any other repository, alteration on purpose is not.
     */
    public static SlotSecret none() {
        return new SlotSecret(SlotKind.NONE, 0, NO_ENCRYPTION.clone(), new char[0]);
    }

    /** The kind of slots that this secret can open. */
    public SlotKind kind() {
        return kind;
    }

    int iterations() {
        return iterations;
    }

    static boolean acceptable(int iterations) {
        return iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS;
    }

    /** The 32-byte key under which a slot with this salt wraps the master key; the caller wipes it. */
    byte[] keyEncryptionKey(byte[] salt, int slotIterations) {
        byte[] material = kind == SlotKind.PASSPHRASE ? stretched(salt, slotIterations) : keyFile.clone();
        try {
            return Hmac.hkdf(material, salt, KEK_INFO, SegmentedAead.KEY);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    private byte[] stretched(byte[] salt, int slotIterations) {
        PBEKeySpec spec = new PBEKeySpec(passphrase, salt, slotIterations, 512);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA512", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** The same letter typed on two systems may arrive composed or decomposed: both give one key. */
    private static char[] normalized(char[] passphrase) {
        CharBuffer chars = CharBuffer.wrap(passphrase);
        // Only a passphrase that has to be changed leaves a string behind that can't be wiped.
        return Normalizer.isNormalized(chars, Normalizer.Form.NFC)
                ? passphrase.clone()
                : Normalizer.normalize(chars, Normalizer.Form.NFC).toCharArray();
    }

    /** Wipes the secret. Idempotent. */
    @Override
    public void close() {
        Arrays.fill(keyFile, (byte) 0);
        Arrays.fill(passphrase, '\0');
    }

    /** Names the kind, never the secret. */
    @Override
    public String toString() {
        return "secret of kind " + kind;
    }
}
