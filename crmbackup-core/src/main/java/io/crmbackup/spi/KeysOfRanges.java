package io.crmbackup.spi;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of one range after the other. */
final class KeysOfRanges implements KeyCursor {
    private final RecordChanges changes;
    private final Iterator<KeyRange> ranges;
    private @Nullable KeyCursor open;

    KeysOfRanges(RecordChanges changes, List<KeyRange> ranges) {
        this.changes = changes;
        this.ranges = ranges.iterator();
    }

    @Override
    public boolean next() throws IOException {
        while (open == null || !open.next()) {
            close();
            if (!ranges.hasNext()) {
                return false;
            }
            open = changes.keys(ranges.next());
        }
        return true;
    }

    @Override
    public RecordKey key() throws IOException {
        if (open == null) {
            throw new IllegalStateException("the cursor is not at a key");
        }
        return open.key();
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            KeyCursor last = open;
            open = null;
            last.close();
        }
    }
}
