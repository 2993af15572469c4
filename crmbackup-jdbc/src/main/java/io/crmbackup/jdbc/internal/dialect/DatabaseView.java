package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.ChangeDetection;
import io.crmbackup.spi.FormerCapture;
import io.crmbackup.spi.MarkCursor;
import io.crmbackup.spi.RecordCursor;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One moment of a database, shown to one connection or to several until the view is closed. Every table of its catalog can be read: what
 * can't be was refused by name when the view was opened. Used by one thread at a time.
 */
public interface DatabaseView extends Closeable {
    /** What the database consisted of at that moment. */
    Catalog catalog();

    /** When it was, by the clock of this machine. */
    Instant moment();

    /** Where the database stood then, in its own terms; empty if it has none. */
    String position();

    /** What the view is, how it blocks others, how many connections it has, and other facts, by name. */
    Map<String, String> facts();

    /** Statements that set counters past the data, not before the moment. */
    List<String> counters();

    /** Reads a table of the catalog; its cursor is closed before the next one is opened, at the latest with the view. */
    RecordCursor read(Table table) throws IOException;

    /** What changed in a table since a former capture, see {@link Capture#changesSince}. */
    default ChangeDetection changesSince(Table table, FormerCapture former) throws IOException {
        return ChangeDetection.readAll("the source can't tell what changed");
    }

    /** What a later capture wants to know to tell what changed in a table, see {@link Capture#marks}. */
    default MarkCursor marks(Table table) throws IOException {
        return MarkCursor.none();
    }
}
