package io.crmbackup.report;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Names a snapshot: 32 hexadecimal digits, drawn at random when the snapshot is made.
 *
 * @param hex the digits, in lower case
 */
public record SnapshotId(String hex) implements Comparable<SnapshotId> {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    /** Checks the digits. */
    public SnapshotId {
        Objects.requireNonNull(hex, "hex");
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a snapshot id has 32 hexadecimal digits in lower case, not: " + hex);
        }
    }

    /** Reads an id. */
    public static SnapshotId of(String hex) {
        return new SnapshotId(hex);
    }

    /** The first eight digits, which a person can tell snapshots apart by. */
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override
    public int compareTo(SnapshotId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
