package io.crmbackup.spi;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a restore writes. Immutable and thread-safe; holds no resources of its own.
 *
 * <p>Implementations keep these rules; {@code TargetTck} of the test kit checks them by number:
 * <ol>
 *   <li>{@code open} and {@link TargetSession#preview} MUST have no effect on the target.
 *   <li>{@code preview} MUST name every reason for which the restore can be foreseen to fail or to be unsafe as a blocker: a place that is not
 *       empty, names that can't be written or would fall together, records that are there already where that is refused.
 *   <li>After {@code begin}, one {@code write} for each collection, and {@code finish}, every record MUST be in the target with values
 *       that read back equal, except for {@link #fieldsNotRestored}.
 *   <li>Nothing MUST be written outside of the target, whatever keys and values say.
 *   <li>If the session is closed before {@code finish} has returned, the target MUST be as before, or visibly unfinished: a restore that
 *       was cut short is never taken for a whole one.
 *   <li>Contents of more than 64 KiB MUST be streamed, not held in memory, if what they are written to takes streams.
 *   <li>{@code close} MUST be idempotent and release everything held, also after failures.
 *   <li>If the target {@linkplain #replaces() replaces} what is there, then after {@link TargetSession#hold} nothing that others write MUST be lost
 *       in silence: they wait until the session is closed, or the restore fails before it replaces what they wrote. If {@code staged} gives a
 *       source, others MUST NOT see anything of what is written before {@code finish}.
 * </ol>
 */
public interface Target {
    /**
     * Opens a restore.
     *
     * @param attributes what the source's capture said of itself, see {@link Capture#attributes()}
     * @param collections what will be written, each once
     */
    TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) throws IOException;

    /**
     * What was restored as a source, to prove that it is what was backed up; empty if the target can't be read back. It captures what the
     * backed-up source did: if that left out something by patterns, say, so does this.
     *
     * @param attributes what the backed-up source's capture said of itself, see {@link Capture#attributes()}
     */
    Optional<Source> readBack(Map<String, String> attributes);

    /**
     * The fields of a collection's records that this target can't bring back in its place, such as owners where the process may not give files
     * away. The preview notes it; whoever compares what is read back leaves these fields out.
     */
    default Set<String> fieldsNotRestored(String collection) {
        return Set.of();
    }

    /**
     * Whether records that the target had before, and that are not among the restored ones, stay: reading back then proves that what was
     * restored is there, not that there is nothing else.
     */
    default boolean keepsOtherRecords() {
        return false;
    }

    /**
     * Whether what is there gives way as a whole to what is restored. Of what {@link TargetSession#hold} then says is there a snapshot is taken
     * before anything changes.
     */
    default boolean replaces() {
        return false;
    }

    /**
     * Whether this target can undo changes: where {@link RestoredCollection#changes()} are given, it goes by them. A restore that undoes changes
     * is refused before any other target is opened.
     */
    default boolean undoes() {
        return false;
    }

    /** The local directory that is written to, if it is one. */
    default Optional<Path> directory() {
        return Optional.empty();
    }
}
