package io.crmbackup.internal.object;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.crypto.Hmac;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The object {@code repository}: what has to be known before the first key is at hand (layout: package description).
 * It is in the clear, so it is believed only once it has been {@linkplain #open
 * authenticated}.
 *
 * @param id the repository's id
 * @param created when it was created, to the millisecond
 * @param parameters what chunking and trees depend on, by name, such as {@code chunk.radius}; at most 64
 */
public record RepositoryHeader(RepositoryId id, Instant created, SortedMap<String, Long> parameters) {
    /** The object's name. */
    public static final String NAME = "repository";

    private static final byte SUITE = 1;
    private static final int MAX_PARAMETERS = 64;
    private static final Pattern PARAMETER = Pattern.compile("[a-z0-9.-]{1,64}");

    /** Checks and copies the values. */
    public RepositoryHeader {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        if (parameters.size() > MAX_PARAMETERS
                || !parameters.keySet().stream()
                        .allMatch(name -> PARAMETER.matcher(name).matches())) {
            throw new IllegalArgumentException("parameters: " + parameters);
        }
        created = Instant.ofEpochMilli(created.toEpochMilli());
    }

    /** A parameter's value; throws {@link UnsupportedFormatException} if the repository has none of that name. */
    public long parameter(String name) {
        Long value = parameters.get(name);
        if (value == null) {
            throw new UnsupportedFormatException("the repository does not state its parameter " + name);
        }
        return value;
    }

    /** The bytes to store. */
    public byte[] seal(MasterKey master) {
        ByteBuffer body = ByteBuffer.allocate(28 + MAX_PARAMETERS * 73)
                .put(id.toBytes())
                .putLong(created.toEpochMilli())
                .put(SUITE)
                .put((byte) 0)
                .putShort((short) parameters.size());
        parameters.forEach((name, value) -> body.put((byte) name.length())
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putLong(value));
        byte[] fields = Arrays.copyOf(body.array(), body.position());
        byte[] mac = mac(master, Envelope.bound(ObjectRole.REPOSITORY), fields);
        byte[] whole = Arrays.copyOf(fields, fields.length + mac.length);
        System.arraycopy(mac, 0, whole, fields.length, mac.length);
        return Envelope.wrap(ObjectRole.REPOSITORY, whole);
    }

    /**
     * The id in a stored header, for finding the key. Not authenticated.
     *
     * @throws DamagedObjectException if the object is damaged
     * @throws UnsupportedFormatException if a newer version wrote it
     */
    public static RepositoryId peekId(byte[] stored) {
        return parse(stored).id;
    }

    /**
     * Reads a stored header.
     *
     * @throws DamagedObjectException if anything about it is not as it was written
     * @throws UnsupportedFormatException if a newer version wrote it
     */
    public static RepositoryHeader open(byte[] stored, MasterKey master) {
        RepositoryHeader header = parse(stored);
        byte[] body = Envelope.unwrap(ObjectRole.REPOSITORY, NAME, stored);
        int macAt = body.length - Hmac.LENGTH;
        byte[] mac = mac(master, Arrays.copyOf(stored, Envelope.BOUND), Arrays.copyOf(body, macAt));
        if (!header.id.equals(master.repository())
                || !MessageDigest.isEqual(mac, Arrays.copyOfRange(body, macAt, body.length))) {
            throw new DamagedObjectException(
                    NAME, "was altered, or belongs to another repository: it fails its authentication");
        }
        return header;
    }

    private static RepositoryHeader parse(byte[] stored) {
        byte[] body = Envelope.unwrap(ObjectRole.REPOSITORY, NAME, stored);
        if (body.length < 28 + Hmac.LENGTH) {
            throw new DamagedObjectException(NAME, "is too short");
        }
        ByteBuffer fields = ByteBuffer.wrap(body, 0, body.length - Hmac.LENGTH);
        byte[] id = new byte[RepositoryId.LENGTH];
        fields.get(id);
        Instant created = Instant.ofEpochMilli(fields.getLong());
        byte suite = fields.get();
        if (suite != SUITE) {
            throw new UnsupportedFormatException(
                    "the repository uses cipher suite " + suite + "; this version of the library knows suite " + SUITE);
        }
        fields.get();
        int count = fields.getShort();
        SortedMap<String, Long> parameters = new TreeMap<>();
        for (int i = 0; i < count && count <= MAX_PARAMETERS; i++) {
            int length = fields.hasRemaining() ? fields.get() : 0;
            if (length < 1 || fields.remaining() < length + Long.BYTES) {
                break;
            }
            byte[] name = new byte[length];
            fields.get(name);
            parameters.put(new String(name, StandardCharsets.US_ASCII), fields.getLong());
        }
        if (fields.hasRemaining() || parameters.size() != count) {
            throw new DamagedObjectException(NAME, "has an impossible list of parameters");
        }
        try {
            return new RepositoryHeader(RepositoryId.of(id), created, parameters);
        } catch (IllegalArgumentException e) {
            throw new DamagedObjectException(NAME, "has an impossible list of parameters", e);
        }
    }

    private static byte[] mac(MasterKey master, byte[] boundHeader, byte[] fields) {
        return Hmac.of(master.derive("repository"), boundHeader, fields);
    }
}
