package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One restore into a target. Used by one thread at a time, but for {@link #write} where {@link #writesAtOnce()} says so. */
public interface TargetSession extends Closeable {
    /** What the restore will do, and what stands against it. Has no effect; may read the target and the collections' records. */
    TargetPreview preview() throws IOException;

    /**
     * Keeps what is there from changing: others read, but wait before they write until the session is closed; or what they write from now on makes
     * the restore fail. Called once, before {@link #begin()}, if the target {@linkplain Target#replaces() replaces} what is there and {@link
     * #preview()} found no blocker. Changes nothing that is captured.
     *
     * @return what is there, for a snapshot to be taken of it; empty if there is nothing that is replaced
     */
    default Optional<Source> hold() throws IOException {
        return Optional.empty();
    }

    /** Begins to write: creates what the records need. Called once, and only if {@link #preview()} found no blocker. */
    void begin() throws IOException;

    /**
     * How many collections may be written at once, each by a thread of its own; asked after {@link #begin()}. With more than one they come in
     * any order. What was written by any thread is seen by {@link #finish()}.
     */
    default int writesAtOnce() {
        return 1;
    }

    /** Writes a collection's records; called once for each, in the order in which they were given unless several are written at once. */
    WriteResult write(RestoredCollection collection) throws IOException;

    /**
     * What has been written and others don't see yet, to prove that it is what was backed up before it takes the place of what is there. Asked
     * when all is written, before {@link #finish()}; captured at most once, on the same thread. Empty if it can't be read before.
     */
    default Optional<Source> staged() throws IOException {
        return Optional.empty();
    }

    /** Completes the restore: constraints, permissions, durability. When it returns, the target is as the preview said. */
    void finish() throws IOException;

    /**
     * What a collection has to be equal to when it is read back, if the target keeps it in other terms than the source, as a database of another product does:
     * under the name that it has in the target, its values in the terms of either. It is compared by portable digests, for which a truth may be {@code true} or 1.
     * Empty if it is read back as it was backed up. Asked after {@link #finish()}; what it gives can be read when the session is closed.
     *
     * @param collection one of those that were written
     */
    default Optional<RestoredCollection> counterpart(RestoredCollection collection) {
        return Optional.empty();
    }

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
