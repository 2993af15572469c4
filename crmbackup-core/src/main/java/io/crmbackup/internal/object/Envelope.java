package io.crmbackup.internal.object;

import com.google.common.hash.Hashing;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.UnsupportedFormatException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The 64-byte header of every object (layout: package description). Immutable. */
public final class Envelope {
    /** Length of the header in bytes. */
    public static final int LENGTH = 64;

    /** Length of the part of the header that is fixed before the body is known, and that seals bind. */
    static final int BOUND = 20;

    private static final byte[] MAGIC = {(byte) 0x8f, 'C', 'R', 'M', 'B', 0x0d, 0x0a, 0x1a};
    private static final byte MAJOR = 1;
    private static final short MINOR = 0;
    private static final int KNOWN_REQUIRED = 0;
    private static final int BODY_LENGTH_AT = 20;
    private static final int DIGEST_AT = 28;
    private static final int CRC_AT = 60;

    private final byte[] header;

    private Envelope(byte[] header) {
        this.header = header;
    }

    /** The header of an object whose body has this length and SHA-256. */
    public static Envelope of(ObjectRole role, long bodyLength, byte[] bodySha256) {
        byte[] header = Arrays.copyOf(bound(role), LENGTH);
        ByteBuffer.wrap(header, BODY_LENGTH_AT, LENGTH - BODY_LENGTH_AT)
                .putLong(bodyLength)
                .put(bodySha256, 0, 32);
        ByteBuffer.wrap(header).putInt(CRC_AT, crc(header));
        return new Envelope(header);
    }

    /** Puts a header before a body. */
    public static byte[] wrap(ObjectRole role, byte[] body) {
        byte[] stored = new byte[Math.addExact(LENGTH, body.length)];
        System.arraycopy(of(role, body.length, sha256(body, 0, body.length)).header, 0, stored, 0, LENGTH);
        System.arraycopy(body, 0, stored, LENGTH, body.length);
        return stored;
    }

    /**
     * Reads the header at the beginning of {@code stored}, which may go on.
     *
     * @throws DamagedObjectException if it is not the undamaged header of an object of this role
     * @throws UnsupportedFormatException if a newer version wrote the object
     */
    public static Envelope read(ObjectRole role, String name, byte[] stored) {
        if (stored.length < LENGTH) {
            throw new DamagedObjectException(name, "is cut short within its header: " + stored.length + " bytes");
        }
        byte[] header = Arrays.copyOf(stored, LENGTH);
        ByteBuffer fields = ByteBuffer.wrap(header);
        if (!Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new DamagedObjectException(name, "does not begin as an object of a repository does");
        }
        if (fields.getInt(CRC_AT) != crc(header)) {
            throw new DamagedObjectException(name, "has a header that fails its checksum");
        }
        if (header[9] != MAJOR) {
            throw new UnsupportedFormatException(name + " is written in version " + (header[9] & 0xff)
                    + " of the format; this version of the library reads version " + MAJOR);
        }
        int unknown = fields.getInt(12) & ~KNOWN_REQUIRED;
        if (unknown != 0) {
            throw new UnsupportedFormatException(
                    name + " needs features that this version of the library does not know: bits "
                            + Integer.toHexString(unknown));
        }
        if (header[8] != role.code()) {
            throw new DamagedObjectException(
                    name,
                    "is not a " + role + " object but "
                            + ObjectRole.of(header[8]).map(ObjectRole::toString).orElse("an unknown one"));
        }
        Envelope envelope = new Envelope(header);
        if (envelope.bodyLength() < 0 || envelope.bodyLength() > role.maxLength()) {
            throw new DamagedObjectException(
                    name,
                    "declares " + envelope.bodyLength() + " bytes, but at most " + role.maxLength() + " are accepted");
        }
        return envelope;
    }

    /**
     * Checks a whole object and returns its body.
     *
     * @throws DamagedObjectException if any byte is missing, too many or changed by accident, or the role is another
     * @throws UnsupportedFormatException if a newer version wrote the object
     */
    public static byte[] unwrap(ObjectRole role, String name, byte[] stored) {
        Envelope envelope = read(role, name, stored);
        if (stored.length - LENGTH != envelope.bodyLength()) {
            throw new DamagedObjectException(
                    name,
                    "has " + (stored.length - LENGTH) + " bytes after its header instead of " + envelope.bodyLength());
        }
        if (!envelope.matches(sha256(stored, LENGTH, stored.length - LENGTH))) {
            throw new DamagedObjectException(name, "fails its checksum");
        }
        return Arrays.copyOfRange(stored, LENGTH, stored.length);
    }

    /** The first 20 bytes of the header of an object of this role that this version writes. */
    static byte[] bound(ObjectRole role) {
        return ByteBuffer.allocate(BOUND)
                .put(MAGIC)
                .put(role.code())
                .put(MAJOR)
                .putShort(MINOR)
                .putInt(0)
                .putInt(0)
                .array();
    }

    /** Length of the body in bytes. */
    public long bodyLength() {
        return ByteBuffer.wrap(header).getLong(BODY_LENGTH_AT);
    }

    /** Whether a body with this SHA-256 belongs here. */
    public boolean matches(byte[] bodySha256) {
        return Arrays.equals(header, DIGEST_AT, CRC_AT, bodySha256, 0, bodySha256.length);
    }

    /** A copy of the 64 bytes. */
    public byte[] toBytes() {
        return header.clone();
    }

    static byte[] sha256(byte[] source, int offset, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(source, offset, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static int crc(byte[] header) {
        return Hashing.crc32c().hashBytes(header, 0, CRC_AT).asInt();
    }
}
