package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One view of a source, open while it is read. Used by one thread at a time. */
public interface Capture extends Closeable {
    /** The moment that the view shows, or at which its window began. */
    Instant moment();

    /** Where the source stood at that moment, in its own terms, as a log position; empty if it has none. */
    String position();

    /**
     * What the source is and how it was read, by name: for the manifest, the report, and the source's own target. Product, version, how
     * consistent, whether writers were blocked; the schema as far as it does not belong to one collection. Equal as long as nothing of that
     * changes.
     */
    Map<String, String> attributes();

    /** The collections, each once, in a fixed order. */
    List<CapturedCollection> collections() throws IOException;

    /** Reads a collection's records; the caller closes the cursor before it reads the next collection. */
    RecordCursor read(String collection) throws IOException;
}
