package io.crmbackup;

import java.time.Duration;
import java.util.Objects;

/** How a prune goes about its work. None of these decides about safety: whatever they are, nothing that a snapshot needs is lost. Immutable. */
public final class PruneOptions {
    private static final PruneOptions STANDARD = new PruneOptions(Duration.ofHours(24), Duration.ofHours(24), false);

    private final Duration quarantine;
    private final Duration grace;
    private final boolean thorough;

    private PruneOptions(Duration quarantine, Duration grace, boolean thorough) {
        this.quarantine = quarantine;
        this.grace = grace;
        this.thorough = thorough;
    }

    /** A day of quarantine, a day of grace, and as little rewriting as pays. */
    public static PruneOptions standard() {
        return STANDARD;
    }

    /**
     * Sets how long objects that nothing needs any more stay before they are deleted; zero is allowed. It is for those who read them: a restore that began before its snapshot expired goes on
     * for so long, and so does a backup that found contents of expired snapshots and shares them, as it can store them again. Without that time such a restore or backup fails, says why, and can be run again. Snapshots that are kept need no
     * protection.
     */
    public PruneOptions quarantine(Duration time) {
        return new PruneOptions(notNegative("quarantine", time), grace, thorough);
    }

    /**
     * Sets how long packs that no snapshot names are taken for those of a backup that is still running; zero is allowed. A backup that runs for longer is not harmed, it stores again what was taken from it. Where the store
     * does not tell when an object was written, such packs are reclaimed only with zero.
     */
    public PruneOptions grace(Duration time) {
        return new PruneOptions(quarantine, notNegative("grace", time), thorough);
    }

    /**
     * Leaves nothing that no snapshot needs, not even among other data in one object, where it would take more work to remove than it gives back. A standard prune leaves that in packs of which at least half is needed, and among it what
     * others that stay are stored against. So when data has to be gone: expire, and prune thoroughly once in each retention period; it is gone when the quarantine is over too.
     *
     * <p>What remains even then are the dictionaries that live snapshots name: one that was trained on a collection's contents holds fragments of them, and later backups go on with it. A collection that may not keep any is to be backed up
     * {@linkplain Compression#isolated() isolated}.
     */
    public PruneOptions thoroughly() {
        return new PruneOptions(quarantine, grace, true);
    }

    private static Duration notNegative(String what, Duration time) {
        if (Objects.requireNonNull(time, what).isNegative()) {
            throw new IllegalArgumentException("the " + what + " can't be negative: " + time);
        }
        return time;
    }

    /** How long objects that nothing needs any more stay before they are deleted. */
    public Duration quarantine() {
        return quarantine;
    }

    /** How long packs that no snapshot names are taken for those of a running backup. */
    public Duration grace() {
        return grace;
    }

    /** Whether nothing unneeded is left among other data. */
    public boolean isThorough() {
        return thorough;
    }

    @Override
    public String toString() {
        return "quarantine " + quarantine + ", grace " + grace + (thorough ? ", thorough" : "");
    }
}
