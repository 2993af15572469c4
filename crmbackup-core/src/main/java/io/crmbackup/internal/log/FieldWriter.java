package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.ObjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the fields of an entry as {@link FieldReader} reads them. */
final class FieldWriter {
    private final ByteArrayDataOutput out = ByteStreams.newDataOutput();

    byte[] toBytes() {
        return out.toByteArray();
    }

    FieldWriter oneByte(int value) {
        out.writeByte(value);
        return this;
    }

    /** One of several values by its place, counted from 1: the order of the list is format. */
    <E> FieldWriter oneOf(List<E> values, E value) {
        return oneByte(values.indexOf(value) + 1);
    }

    FieldWriter number(long value) {
        out.writeLong(value);
        return this;
    }

    FieldWriter hash(HashCode hash) {
        out.write(hash.asBytes());
        return this;
    }

    FieldWriter id(ObjectId id) {
        return number(id.high()).number(id.low());
    }

    FieldWriter optionalId(@Nullable ObjectId id) {
        return id == null ? oneByte(0) : oneByte(1).id(id);
    }

    FieldWriter millis(Instant time) {
        return number(time.toEpochMilli());
    }

    FieldWriter instant(Instant time) {
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
        return this;
    }

    FieldWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
        return this;
    }

    FieldWriter count(int count) {
        out.writeInt(count);
        return this;
    }

    FieldWriter ids(IdSet ids) {
        count(ids.size());
        ids.forEach(this::id);
        return this;
    }

    FieldWriter indexes(Collection<IndexRef> indexes) {
        count(indexes.size());
        indexes.forEach(index -> id(index.id()).ids(index.packs()));
        return this;
    }
}
