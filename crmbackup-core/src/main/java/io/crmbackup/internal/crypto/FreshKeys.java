package io.crmbackup.internal.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * Gives each sealed thing of one purpose a key of its own. Not thread-safe: one instance per thread, see {@link
 * #fork()}.
 *
 * <pre>
 * salt = first 16 bytes of HMAC-SHA-256(k_salt, 32 random bytes ‖ content)
 * key  = HMAC-SHA-256(k_purpose, "key" ‖ salt ‖ context)
 * </pre>
 *
 * where k_purpose is derived from the master key for {@code purpose} and k_salt for {@code purpose + "/salt"}. The
 * salt is stored beside what is sealed. It is unique while the random generator is good, and
 * if the generator repeats itself, different contents still get different salts.
 */
public final class FreshKeys {
    /** Length of a salt in bytes. */
    public static final int SALT = 16;

    private static final int RANDOM = 32;
    private static final byte[] KEY_LABEL = Hmac.ascii("key");

    private final byte[] purposeKey;
    private final byte[] saltKey;
    private final SecureRandom random;
    private final Mac keys;
    private final Mac salts;

    private FreshKeys(byte[] purposeKey, byte[] saltKey, SecureRandom random) {
        this.purposeKey = purposeKey;
        this.saltKey = saltKey;
        this.random = random;
        this.keys = Hmac.keyed(purposeKey);
        this.salts = Hmac.keyed(saltKey);
    }

    /** Keys for a purpose, such as {@code "chunk"}. */
    public static FreshKeys of(MasterKey master, String purpose, SecureRandom random) {
        return new FreshKeys(master.derive(purpose), master.derive(purpose + "/salt"), random);
    }

    /** The same keys, for another thread. */
    public FreshKeys fork() {
        return new FreshKeys(purposeKey, saltKey, random);
    }

    /** Draws the salt for sealing this content. */
    public byte[] salt(byte[] content, int offset, int length) {
        byte[] drawn = new byte[RANDOM];
        random.nextBytes(drawn);
        salts.update(drawn);
        salts.update(content, offset, length);
        return Arrays.copyOf(salts.doFinal(), SALT);
    }

    /**
     * The 32-byte key that belongs to a salt; {@code context} says what the key is for and is of fixed length or
     * self-delimiting.
     */
    public byte[] key(byte[] salt, byte[] context) {
        if (salt.length != SALT) {
            throw new IllegalArgumentException("a salt has " + SALT + " bytes, not " + salt.length);
        }
        keys.update(KEY_LABEL);
        keys.update(salt);
        keys.update(context);
        return keys.doFinal();
    }
}
