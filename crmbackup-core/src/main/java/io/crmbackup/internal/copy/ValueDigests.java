package io.crmbackup.internal.copy;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The SHA-256 of each value of one record, contents being digested while someone else reads them to their end. Not thread-safe. */
final class ValueDigests {
    private final List<FieldValue> values;
    private final @Nullable HashingInputStream[] contents;

    ValueDigests(List<FieldValue> values) {
        this.values = values;
        this.contents = new HashingInputStream[values.size()];
    }

    /** The values, to be read instead of the original ones, each content once. */
    List<FieldValue> watched() {
        List<FieldValue> watched = new ArrayList<>(values);
        for (int i = 0; i < contents.length; i++) {
            FieldValue value = values.get(i);
            int at = i;
            if (value.isContent()) {
                watched.set(i, FieldValue.content(() -> watch(at, value), value.length()));
            }
        }
        return watched;
    }

    private InputStream watch(int at, FieldValue value) throws IOException {
        HashingInputStream in = new HashingInputStream(Hashing.sha256(), value.open());
        contents[at] = in;
        return in;
    }

    /** Reads the contents, for nothing but their digests. */
    ValueDigests readAll() throws IOException {
        for (FieldValue value : watched()) {
            if (value.isContent()) {
                try (InputStream in = value.open()) {
                    in.transferTo(OutputStream.nullOutputStream());
                }
            }
        }
        return this;
    }

    /** The digests, null for no value. */
    List<@Nullable HashCode> digests() {
        List<@Nullable HashCode> digests = new ArrayList<>();
        for (int i = 0; i < contents.length; i++) {
            FieldValue value = values.get(i);
            HashingInputStream content = contents[i];
            if (content != null) {
                digests.add(content.hash());
            } else if (value.isContent()) {
                throw new IllegalStateException("a content was not read");
            } else {
                digests.add(value.isNull() ? null : Hashing.sha256().hashBytes(value.bytes()));
            }
        }
        return digests;
    }
}
