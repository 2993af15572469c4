package io.crmbackup.internal.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Wraps and unwraps the master key in the body of a key slot (layout: package description). The commitment tells a
 * wrong secret from a slot that was tampered with; damage by accident is found before,
 * by the checksum of the envelope around the body.
 */
public final class KeySlot {
    /** Length of a slot's body in bytes. */
    public static final int LENGTH = 164;

    private static final int ITERATIONS_AT = 4;
    private static final int REPOSITORY_AT = 8;
    private static final int ID_AT = 24;
    private static final int SALT_AT = 40;
    private static final int COMMITMENT_AT = 72;
    private static final int NONCE_AT = 104;
    private static final int WRAPPED_AT = 116;
    private static final byte[] AAD_LABEL = Hmac.ascii("crmbackup/1/slot");

    private KeySlot() {}

    /** The body of a new slot with this 16-byte id, which the secret opens. */
    public static byte[] wrap(MasterKey master, byte[] slotId, SlotSecret secret, SecureRandom random) {
        byte[] salt = new byte[COMMITMENT_AT - SALT_AT];
        random.nextBytes(salt);
        byte[] plain = master.copy();
        byte[] kek = secret.keyEncryptionKey(salt, secret.iterations());
        try {
            byte[] body = new byte[LENGTH];
            ByteBuffer.wrap(body)
                    .put(secret.kind().code())
                    .put(secret.kind().derivation())
                    .putShort((short) 0)
                    .putInt(secret.iterations())
                    .put(master.repository().toBytes())
                    .put(slotId, 0, SALT_AT - ID_AT)
                    .put(salt)
                    .put(Hmac.commitment(kek))
                    // Drawn from the content, so that a random generator that repeats itself can't reuse it.
                    .put(Hmac.of(kek, Hmac.ascii("nonce"), plain), 0, WRAPPED_AT - NONCE_AT);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, kek, body);
            cipher.doFinal(plain, 0, plain.length, body, WRAPPED_AT);
            return body;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to wrap the master key", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
            Arrays.fill(kek, (byte) 0);
        }
    }

    /** The kind of a slot, or empty if a newer version wrote a kind that this one does not know. */
    public static Optional<SlotKind> kind(byte[] body) {
        return body.length < 1 ? Optional.empty() : SlotKind.of(body[0]);
    }

    /**
     * Opens a slot.
     *
     * @return the master key, or empty if the secret is not this slot's or the slot is not this repository's
     * @throws NotAuthenticException if the slot was tampered with, belongs elsewhere, or asks for more or less work
     *     than is accepted
     */
    public static Optional<MasterKey> unwrap(byte[] body, RepositoryId repository, byte[] slotId, SlotSecret secret)
            throws NotAuthenticException {
        if (body.length != LENGTH) {
            throw new NotAuthenticException("has " + body.length + " bytes, but a key slot has " + LENGTH);
        }
        if (kind(body).filter(secret.kind()::equals).isEmpty()) {
            return Optional.empty();
        }
        int iterations = ByteBuffer.wrap(body).getInt(ITERATIONS_AT);
        boolean sane = secret.kind() == SlotKind.PASSPHRASE ? SlotSecret.acceptable(iterations) : iterations == 0;
        if (!sane || body[1] != secret.kind().derivation()) {
            throw new NotAuthenticException("asks for key derivation " + body[1] + " with "
                    + Integer.toUnsignedString(iterations) + " iterations, which is not accepted");
        }
        if (!Arrays.equals(body, ID_AT, SALT_AT, slotId, 0, slotId.length)) {
            throw new NotAuthenticException("is a key slot of another name");
        }
        if (!Arrays.equals(body, REPOSITORY_AT, ID_AT, repository.toBytes(), 0, RepositoryId.LENGTH)) {
            return Optional.empty(); // left behind by a creation that was cut off, and of no use here
        }
        byte[] kek = secret.keyEncryptionKey(Arrays.copyOfRange(body, SALT_AT, COMMITMENT_AT), iterations);
        byte[] plain = new byte[0];
        try {
            byte[] commitment = Arrays.copyOfRange(body, COMMITMENT_AT, NONCE_AT);
            if (!MessageDigest.isEqual(commitment, Hmac.commitment(kek))) {
                return Optional.empty();
            }
            plain = cipher(Cipher.DECRYPT_MODE, kek, body).doFinal(body, WRAPPED_AT, LENGTH - WRAPPED_AT);
            return Optional.of(MasterKey.of(repository, plain));
        } catch (AEADBadTagException e) {
            throw new NotAuthenticException(
                    "was tampered with: the secret is right, but the slot fails its authentication");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to unwrap the master key", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
            Arrays.fill(kek, (byte) 0);
        }
    }

    private static Cipher cipher(int mode, byte[] kek, byte[] body) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        GCMParameterSpec nonce = new GCMParameterSpec(SegmentedAead.TAG * 8, body, NONCE_AT, WRAPPED_AT - NONCE_AT);
        cipher.init(mode, new SecretKeySpec(kek, "AES"), nonce);
        cipher.updateAAD(AAD_LABEL);
        cipher.updateAAD(body, 0, WRAPPED_AT);
        return cipher;
    }
}
