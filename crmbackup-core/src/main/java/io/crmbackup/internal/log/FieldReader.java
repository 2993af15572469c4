package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of an entry. Whatever the bytes are, it allocates no more than they account for, and fails only as
 * damaged.
 */
final class FieldReader {
    private final String name;
    private final ByteBuffer fields;

    FieldReader(String name, byte[] plain) {
        this.name = name;
        this.fields = ByteBuffer.wrap(plain);
    }

    DamagedObjectException damaged(String what) {
        return new DamagedObjectException(name, what + ", before byte " + fields.position() + " of its content");
    }

    void end() {
        if (fields.hasRemaining()) {
            throw damaged("goes on after its end");
        }
    }

    int oneByte() {
        return need(1).get() & 0xff;
    }

    /** One of several values by its place, counted from 1. */
    <E> E oneOf(List<E> values) {
        int code = oneByte();
        if (code < 1 || code > values.size()) {
            throw damaged("has an unknown code " + code);
        }
        return values.get(code - 1);
    }

    long number() {
        return need(Long.BYTES).getLong();
    }

    long size() {
        long size = number();
        if (size < 0) {
            throw damaged("has a negative number");
        }
        return size;
    }

    HashCode hash() {
        byte[] bytes = new byte[32];
        need(bytes.length).get(bytes);
        return HashCode.fromBytes(bytes);
    }

    ObjectId id() {
        ByteBuffer at = need(ObjectId.LENGTH);
        return new ObjectId(at.getLong(), at.getLong());
    }

    @Nullable
    ObjectId optionalId() {
        int present = oneByte();
        if (present > 1) {
            throw damaged("has an unknown code " + present);
        }
        return present == 1 ? id() : null;
    }

    Instant millis() {
        return Instant.ofEpochMilli(number());
    }

    Instant instant() {
        long seconds = number();
        int nanos = need(Integer.BYTES).getInt();
        try {
            if (nanos >= 0 && nanos < 1_000_000_000) {
                return Instant.ofEpochSecond(seconds, nanos);
            }
        } catch (DateTimeException e) {
            throw new DamagedObjectException(name, "has an impossible time", e);
        }
        throw damaged("has an impossible time");
    }

    String text(int maxLength) {
        int length = need(Short.BYTES).getShort() & 0xffff;
        if (length > maxLength) {
            throw damaged("has a text of " + length + " bytes, but at most " + maxLength + " are accepted");
        }
        ByteBuffer bytes = need(length).slice(fields.position(), length);
        fields.position(fields.position() + length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new DamagedObjectException(name, "has a text that is not UTF-8", e);
        }
    }

    /** A number of things that take at least this many bytes each. */
    int count(int leastLength) {
        int count = need(Integer.BYTES).getInt();
        if (count < 0 || (long) count * leastLength > fields.remaining()) {
            throw damaged("declares " + Integer.toUnsignedString(count) + " elements, which it is too short for");
        }
        return count;
    }

    IdSet ids() {
        int count = count(ObjectId.LENGTH);
        List<ObjectId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ObjectId id = id();
            if (i > 0 && ids.get(i - 1).compareTo(id) >= 0) {
                throw damaged("has a set of ids that is not in ascending order");
            }
            ids.add(id);
        }
        return IdSet.of(ids);
    }

    List<IndexRef> indexes() {
        int count = count(ObjectId.LENGTH + Integer.BYTES);
        List<IndexRef> indexes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            indexes.add(new IndexRef(id(), ids()));
        }
        return indexes;
    }

    private ByteBuffer need(int length) {
        if (fields.remaining() < length) {
            throw damaged("ends in the middle of a field");
        }
        return fields;
    }
}
