package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.Path;

/** How one restored entry gets to its place, whose directory is there and is no link. */
interface Placement {
    /** Makes sure that there is a directory; returns whether it is to get the record's attributes. Fails if there is anything else. */
    boolean directory(Path path) throws IOException;

    /** Puts a file; returns whether it was written. */
    boolean file(Path path, RestoredEntry entry) throws IOException;

    /** Puts a link; returns whether it was written. */
    boolean link(Path path, RestoredEntry entry) throws IOException;

    /** Makes all that was put into a directory durable. */
    void sync(Path directory) throws IOException;
}
