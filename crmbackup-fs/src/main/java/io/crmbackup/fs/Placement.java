package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.Path;

/** How one restored entry gets to its place, whose directory is there and is no link. */
interface Placement {
    /** Makes sure that there is a directory that other records lie in and that has no record itself. Fails if there is anything else. */
    void directory(Path path) throws IOException;

    /** Puts a directory; returns whether it is to get the record's attributes when all is in it. */
    boolean directory(Path path, RestoredEntry entry) throws IOException;

    /** Puts a file; returns whether it was written. */
    boolean file(Path path, RestoredEntry entry) throws IOException;

    /**
     * Puts a file as a further name of one that is there and has the same attributes; returns false if that is not possible, so that it has to be
     * put as a file of its own.
     *
     * @param first a file inside the tree, reached without links
     */
    default boolean hardLink(Path path, Path first, RestoredEntry entry) throws IOException {
        return false;
    }

    /** Puts a link; returns whether it was written. */
    boolean link(Path path, RestoredEntry entry) throws IOException;

    /** Makes all that was put into a directory durable. */
    void sync(Path directory) throws IOException;
}
