package io.crmbackup.internal.object;

import com.github.luben.zstd.Zstd;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.LimitExceededException;
import io.crmbackup.internal.crypto.FreshKeys;
import io.crmbackup.internal.crypto.Hmac;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SegmentedAead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Seals and opens whole objects that are not packs (layout: package description). An object opens only in the
 * repository, in the role and under the name that it was sealed for. Thread-safe.
 */
public final class ObjectSealer {
    private static final int SEALED_AT = FreshKeys.SALT + Hmac.LENGTH;
    private static final int CONTENT_AT = 12;
    private static final byte PLAIN = 0;
    private static final byte ZSTD = 1;
    private static final int LEVEL = 3;

    private final RepositoryId repository;
    private final FreshKeys keys;

    /** Creates a sealer for the repository that the key belongs to. The key may be closed afterwards. */
    public ObjectSealer(MasterKey master, SecureRandom random) {
        this.repository = master.repository();
        this.keys = FreshKeys.of(master, "object", random);
    }

    /**
     * The bytes to store for an object. Sealing the same content twice gives different bytes.
     *
     * @throws LimitExceededException if the content is longer than the role allows
     */
    public byte[] seal(ObjectRole role, String name, byte[] plain) {
        if (plain.length > role.maxLength() / 2) {
            throw new LimitExceededException(name + " would have " + plain.length
                    + " bytes; an object of its kind has at most " + role.maxLength() / 2);
        }
        byte[] padded = packed(plain);
        byte[] aad = aad(Envelope.bound(role), name);
        FreshKeys fresh = keys.fork();
        byte[] salt = fresh.salt(padded, 0, padded.length);
        byte[] key = fresh.key(salt, aad);
        byte[] body = new byte[SEALED_AT + Math.toIntExact(SegmentedAead.sealedLength(padded.length))];
        System.arraycopy(salt, 0, body, 0, FreshKeys.SALT);
        System.arraycopy(Hmac.commitment(key), 0, body, FreshKeys.SALT, Hmac.LENGTH);
        aead().seal(key, aad, padded, 0, padded.length, body, SEALED_AT);
        Arrays.fill(key, (byte) 0);
        return Envelope.wrap(role, body);
    }

    /**
     * The content of a stored object.
     *
     * @throws DamagedObjectException if anything about it is not as it was sealed
     * @throws io.crmbackup.error.UnsupportedFormatException if a newer version wrote it
     */
    public byte[] open(ObjectRole role, String name, byte[] stored) {
        byte[] body = Envelope.unwrap(role, name, stored);
        long paddedLength = SegmentedAead.plainLength((long) body.length - SEALED_AT);
        if (paddedLength < CONTENT_AT) {
            throw new DamagedObjectException(name, "has an impossible length");
        }
        byte[] aad = aad(Arrays.copyOf(stored, Envelope.BOUND), name);
        byte[] key = keys.fork().key(Arrays.copyOf(body, FreshKeys.SALT), aad);
        byte[] padded = new byte[(int) paddedLength];
        try {
            byte[] commitment = Arrays.copyOfRange(body, FreshKeys.SALT, SEALED_AT);
            if (!MessageDigest.isEqual(commitment, Hmac.commitment(key))) {
                throw new NotAuthenticException(
                        "was not sealed in this repository under this name and role, or was altered");
            }
            aead().open(key, aad, body, SEALED_AT, body.length - SEALED_AT, padded, 0);
        } catch (NotAuthenticException e) {
            throw new DamagedObjectException(name, e.getMessage(), e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        return unpacked(role, name, padded);
    }

    private static byte[] packed(byte[] plain) {
        byte[] compressed = Zstd.compress(plain, LEVEL);
        boolean smaller = compressed.length < plain.length;
        byte[] content = smaller ? compressed : plain;
        byte[] padded = new byte[Math.toIntExact(Padding.padded((long) CONTENT_AT + content.length))];
        ByteBuffer.wrap(padded)
                .putInt((smaller ? ZSTD : PLAIN) << 24)
                .putInt(content.length)
                .putInt(plain.length)
                .put(content);
        return padded;
    }

    private static byte[] unpacked(ObjectRole role, String name, byte[] padded) {
        ByteBuffer fields = ByteBuffer.wrap(padded);
        int packing = fields.getInt();
        int length = fields.getInt();
        int plainLength = fields.getInt();
        boolean zstd = packing == ZSTD << 24;
        if (length < 0
                || length > padded.length - CONTENT_AT
                || plainLength < 0
                || plainLength > role.maxLength()
                || !(zstd || (packing == PLAIN && plainLength == length))) {
            throw new DamagedObjectException(name, "declares impossible lengths");
        }
        if (!zstd) {
            return Arrays.copyOfRange(padded, CONTENT_AT, CONTENT_AT + length);
        }
        byte[] plain = new byte[plainLength];
        long n = Zstd.decompressByteArray(plain, 0, plainLength, padded, CONTENT_AT, length);
        if (Zstd.isError(n) || n != plainLength) {
            throw new DamagedObjectException(name, "can't be decompressed to the length that it declares");
        }
        return plain;
    }

    private byte[] aad(byte[] boundHeader, String name) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Envelope.BOUND + RepositoryId.LENGTH + ascii.length)
                .put(boundHeader)
                .put(repository.toBytes())
                .put(ascii)
                .array();
    }

    private static SegmentedAead aead() {
        return new SegmentedAead(SegmentedAead.Domain.OBJECT);
    }
}
