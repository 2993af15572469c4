package io.crmbackup;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a backup may take from the system that it runs in. Immutable. */
public final class Limits {
    private static final Limits NONE =
            new Limits(null, Math.min(2, Runtime.getRuntime().availableProcessors()));

    private final @Nullable DataRate read;
    private final int cores;

    private Limits(@Nullable DataRate read, int cores) {
        this.read = read;
        this.cores = cores;
    }

    /** No limit on rates; two cores, or one where there are no more. */
    public static Limits none() {
        return NONE;
    }

    /** Limits how fast rows and file contents are read, on average over a tenth of a second. */
    public Limits read(DataRate rate) {
        return new Limits(Objects.requireNonNull(rate, "rate"), cores);
    }

    /**
     * Limits how many cores are kept busy: one that reads and hashes in the calling thread, the others compress, encrypt and store.
     *
     * @param count at least 1
     */
    public Limits cores(int count) {
        if (count < 1 || count > 256) {
            throw new IllegalArgumentException("the number of cores must be within 1..256, not " + count);
        }
        return new Limits(read, count);
    }

    /** How fast may be read; empty for no limit. */
    public Optional<DataRate> read() {
        return Optional.ofNullable(read);
    }

    /** How many cores may be kept busy. */
    public int cores() {
        return cores;
    }

    @Override
    public String toString() {
        return (read == null ? "read without limit" : "read " + read.bytesPerSecond() + " B/s") + ", cores " + cores;
    }
}
