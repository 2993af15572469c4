package io.crmbackup.internal.pack;

import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.crypto.FreshKeys;
import io.crmbackup.internal.crypto.NotAuthenticException;
import io.crmbackup.internal.crypto.SegmentedAead;
import io.crmbackup.internal.crypto.SegmentedAead.Domain;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Opens the records of packs. Not thread-safe. */
final class RecordOpener {
    private final FreshKeys keys;
    private final SegmentedAead headers = new SegmentedAead(Domain.CHUNK_HEADER);
    private final SegmentedAead payloads = new SegmentedAead(Domain.CHUNK);

    RecordOpener(FreshKeys keys) {
        this.keys = keys;
    }

    /**
     * Opens the header of the record that begins at {@code at} in {@code bytes} and lies at {@code offset} of the pack's body.
     *
     * @throws DamagedObjectException if there is no whole and authentic header
     */
    RecordHeader header(ObjectId pack, long offset, byte[] bytes, int at) {
        if (bytes.length - at < RecordLayout.PAYLOAD) {
            throw damaged(pack, offset, "is cut short within its header");
        }
        byte[] key = key(pack, offset, bytes, at);
        byte[] header = new byte[RecordLayout.HEADER];
        try {
            headers.open(
                    key,
                    RecordLayout.NO_AAD,
                    bytes,
                    at + RecordLayout.SALT,
                    RecordLayout.PAYLOAD - RecordLayout.SALT,
                    header,
                    0);
            return RecordHeader.from(header);
        } catch (NotAuthenticException | IllegalArgumentException e) {
            throw damaged(pack, offset, e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /**
     * Opens the payload of a record whose header was opened before.
     *
     * @throws DamagedObjectException if it is not whole and authentic
     */
    byte[] payload(ObjectId pack, long offset, RecordHeader fields, byte[] bytes, int at) {
        if (bytes.length - at < fields.recordLength()) {
            throw damaged(pack, offset, "is cut short");
        }
        byte[] key = key(pack, offset, bytes, at);
        byte[] header = new byte[RecordLayout.HEADER];
        fields.writeTo(header);
        byte[] payload = new byte[fields.payloadLength()];
        try {
            int sealed = fields.recordLength() - RecordLayout.PAYLOAD;
            payloads.open(key, header, bytes, at + RecordLayout.PAYLOAD, sealed, payload, 0);
            return payload;
        } catch (NotAuthenticException e) {
            throw damaged(pack, offset, e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Opens the trailer that begins at {@code at} in {@code bytes} and lies at {@code offset} of the pack's body. */
    Trailer trailer(ObjectId pack, long offset, byte[] bytes, int at) {
        byte[] salt = Arrays.copyOfRange(bytes, at, at + RecordLayout.SALT);
        byte[] key = keys.key(salt, RecordLayout.trailerContext(pack, offset));
        byte[] fields = new byte[Trailer.PLAIN];
        try {
            headers.open(
                    key,
                    RecordLayout.NO_AAD,
                    bytes,
                    at + RecordLayout.SALT,
                    Trailer.LENGTH - RecordLayout.SALT,
                    fields,
                    0);
            return Trailer.from(fields);
        } catch (NotAuthenticException e) {
            throw new DamagedObjectException(ObjectRole.PACK.name(pack), "has a trailer that " + e.getMessage());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private byte[] key(ObjectId pack, long offset, byte[] bytes, int at) {
        return keys.key(Arrays.copyOfRange(bytes, at, at + RecordLayout.SALT), RecordLayout.context(pack, offset));
    }

    private static DamagedObjectException damaged(ObjectId pack, long offset, @Nullable String what) {
        return new DamagedObjectException(ObjectRole.PACK.name(pack), "the record at " + offset + " " + what);
    }
}
