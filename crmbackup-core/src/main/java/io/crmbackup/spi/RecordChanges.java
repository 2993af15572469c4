package io.crmbackup.spi;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * What changed in a collection since a former capture, seen at the moment of this one. Used by one thread at a time, which is not always the same; no two of its
 * cursors are open at the same time. Where the operation is cancelled while one of its methods runs in another thread, that thread is interrupted, and the answer waited for.
 *
 * <p>The engine finds removed records by counting: every record that is there now and was not there then is among {@link #changed()}, so what
 * was there, and those, less what is there now is the number of removed ones, exactly. It asks for {@link #counts} to see where they are
 * missing, and for {@link #keys} only there. Numbers that don't add up make it read the whole collection instead.
 */
public interface RecordChanges extends Closeable {
    /** How the changes were found, in the user's words, without a full stop, as "rows written since transaction 4711"; for the report. */
    String method();

    /**
     * Every record that is there now and was not there then or had other values, and perhaps records that did not change; each at most once,
     * in any order. Called once, first of all. Fingerprints are not asked for. Records without a key can't be told apart: where something
     * changed among them, the source says so by {@link ChangeDetection#readAll}, and this gives none.
     */
    RecordCursor changed() throws IOException;

    /** How many records there are now. */
    long count() throws IOException;

    /**
     * Whether records have probably been removed since, as far as the source knows without looking; a hint. Then {@link #counts} are asked for at once, instead of {@link #count}, which could only say how many
     * are gone.
     */
    default boolean hasProbablyRemoved() {
        return false;
    }

    /**
     * How many records there are now in each part of a range. Only asked of collections whose records come {@linkplain
     * CapturedCollection.Order#BY_KEY by key}.
     *
     * @param range what is divided
     * @param bounds where each part but the first begins, inclusive; ascending, inside the range, perhaps none, at most 8,000
     * @return one number more than there are bounds; -1 for each part that can't be counted. Of parts of the whole {@link #count} is asked for instead; elsewhere the
     *     collection is then read
     */
    long[] counts(KeyRange range, List<RecordKey> bounds) throws IOException;

    /**
     * The keys of the records that are there now in a range, each once: in ascending order if the collection's records come {@linkplain
     * CapturedCollection.Order#BY_KEY by key}, otherwise in any order and only ever asked for {@link KeyRange#ALL}.
     */
    KeyCursor keys(KeyRange range) throws IOException;

    /**
     * The keys in several ranges, as {@link #keys(KeyRange)} gives those of each, one range after the other. Worth a way of its own where asking takes longer than
     * answering.
     *
     * @param ranges ascending and apart from each other; at most 2,000
     */
    default KeyCursor keys(List<KeyRange> ranges) throws IOException {
        return new KeysOfRanges(this, ranges);
    }
}
