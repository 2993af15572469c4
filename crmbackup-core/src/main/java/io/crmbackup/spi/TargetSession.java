package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One restore into a target. Used by one thread at a time. */
public interface TargetSession extends Closeable {
    /** What the restore will do, and what stands against it. Has no effect; may read the target and the collections' records. */
    TargetPreview preview() throws IOException;

    /** Begins to write: creates what the records need. Called once, and only if {@link #preview()} found no blocker. */
    void begin() throws IOException;

    /** Writes a collection's records; called once for each, in the order in which they were given. */
    WriteResult write(RestoredCollection collection) throws IOException;

    /** Completes the restore: constraints, permissions, durability. When it returns, the target is as the preview said. */
    void finish() throws IOException;

    /** How much of what the target had was changed, if it tells; called after {@link #finish()}. */
    default Optional<TargetChanges> changes() {
        return Optional.empty();
    }

    /** What could not be restored as it was backed up and did not let the restore fail, in the user's words; called after {@link #finish()}. */
    default List<String> notes() {
        return List.of();
    }

    /**
     * How many records are now in the target as they were backed up, and how many were left as they are in the target.
     *
     * @param written records written, and those that were there with equal values
     * @param skipped records left alone, whatever their values, because the target had them
     */
    record WriteResult(long written, long skipped) {}
}
