package io.crmbackup.report;

import java.time.Duration;
import java.util.List;

/**
 * What a repair did.
 *
 * @param damaged the names of the packs that were found damaged
 * @param givenUp the names of those of them that nothing needs any more: every chunk that a snapshot has was stored anew, or has a good copy elsewhere
 * @param chunks how many chunks were stored anew
 * @param bytesStored length of all objects that were stored
 * @param remaining what is still damaged, with what that harms; empty if all is well as far as was looked
 * @param duration how long it took
 */
public record RepairReport(
        List<String> damaged,
        List<String> givenUp,
        long chunks,
        long bytesStored,
        List<Damage> remaining,
        Duration duration) {
    /** Copies the lists. */
    public RepairReport {
        damaged = List.copyOf(damaged);
        givenUp = List.copyOf(givenUp);
        remaining = List.copyOf(remaining);
    }

    /** Whether nothing is damaged any more as far as was looked. */
    public boolean isSound() {
        return remaining.isEmpty();
    }
}
