package io.crmbackup.export;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Where an export goes. Used by one thread at a time. */
interface Output extends Closeable {
    /** Why these collections can't be written there. */
    List<String> blockers(List<String> collections, RecordFormat format) throws IOException;

    /** Opens the place of a collection; closing it leaves the place unfinished still. */
    OutputStream open(String collection, RecordFormat format) throws IOException;

    /** Opens the place of what comes before all collections. */
    OutputStream openFirst(RecordFormat format) throws IOException;

    /** Opens the place of what comes after all collections. */
    OutputStream openLast(RecordFormat format) throws IOException;

    /** Makes all of it whole. */
    void finish() throws IOException;
}
