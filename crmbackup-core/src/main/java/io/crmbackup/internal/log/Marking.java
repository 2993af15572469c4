package io.crmbackup.internal.log;

import java.util.Optional;

/** Finds the packs that nothing needs. */
@FunctionalInterface
public interface Marking {
    /**
     * Resolves <em>every</em> chunk of every snapshot that is live in {@code state} to a copy whose pack and base's
     * pack are
     * {@linkplain LogState#isGood good}, and returns what may be condemned: packs that none of these copies lies in
     * and that
     * are not condemned yet. If chunks were moved, the packs with their new copies count as good, and the indexes
     * that list
     * them are stored and returned with it.
     *
     * @return empty if there is nothing to condemn
     * @throws io.crmbackup.error.DamagedObjectException if a chunk does not resolve
     */
    Optional<LogEntry.Condemn> mark(LogState state);
}
