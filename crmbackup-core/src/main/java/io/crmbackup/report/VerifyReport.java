package io.crmbackup.report;

import java.time.Duration;
import java.util.List;

/**
 * What a verification found.
 *
 * @param snapshots how many snapshots were checked
 * @param objects how many objects were read
 * @param chunks how many chunks were proved to be what their ids say
 * @param bytes how many stored bytes were read
 * @param damages what is wrong; empty if all is well
 * @param duration how long it took
 */
public record VerifyReport(
        long snapshots, long objects, long chunks, long bytes, List<Damage> damages, Duration duration) {
    /** Copies the list. */
    public VerifyReport {
        damages = List.copyOf(damages);
    }

    /** Whether nothing is wrong as far as was looked. */
    public boolean isSound() {
        return damages.isEmpty();
    }
}
