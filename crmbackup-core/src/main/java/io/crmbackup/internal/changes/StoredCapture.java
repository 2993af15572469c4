package io.crmbackup.internal.changes;

import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import java.util.Map;
import java.util.Optional;

/** A former capture as its snapshot has it. */
public record StoredCapture(StoredSource source, StoredCollection collection) implements FormerCapture {
    /** Whether it left marks. */
    public boolean hasMarks() {
        return scan().next();
    }

    private TreeCursor scan() {
        return collection.trees().scan(collection.manifest().fingerprints(), Marks.BEGIN, Marks.END);
    }

    @Override
    public String position() {
        return source.manifest().position();
    }

    @Override
    public Map<String, String> attributes() {
        return source.attributes();
    }

    @Override
    public long records() {
        return collection.manifest().content().records();
    }

    @Override
    public Optional<byte[]> mark(byte[] key) {
        return collection.trees().get(collection.manifest().fingerprints(), Marks.place(key));
    }

    @Override
    public MarkCursor marks() {
        TreeCursor cursor = scan();
        return new MarkCursor() {
            @Override
            public boolean next() {
                return cursor.next();
            }

            @Override
            public byte[] key() {
                return Marks.key(cursor.key());
            }

            @Override
            public byte[] value() {
                return cursor.value();
            }

            @Override
            public void close() {
                // it holds nothing but memory
            }
        };
    }
}
