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

    /**
     * Reads a collection's records; the caller closes the cursor before it reads the next collection, or the same once more: a restore that is not
     * equal to its backup is read a second time, to tell where.
     */
    RecordCursor read(String collection) throws IOException;

    /**
     * What changed in a collection since a former capture of the same source, or why that can't be told. Asked in place of {@link #read}, if that
     * capture left {@linkplain #marks marks}, the collection's schema is equal, and its records are those of one moment; if the answer turns out
     * not to add up, {@code read} follows. A source that is not sure says {@link ChangeDetection#readAll}: what it does not tell is lost.
     */
    default ChangeDetection changesSince(String collection, FormerCapture former) throws IOException {
        return ChangeDetection.readAll("the source can't tell what changed");
    }

    /**
     * What a later capture will want to know to tell what changed since this one; at least one mark if the source is to be
     * asked then at all. Called once after the collection was read in full or by its changes and that was closed; the caller closes the
     * cursor before it goes on. A collection has marks or its records have fingerprints, not both: marks are not asked for where there are
     * fingerprints, or where something could not be read.
     */
    default MarkCursor marks(String collection) throws IOException {
        return MarkCursor.none();
    }
}
