package io.crmbackup.spi;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a target says about a restore before it begins.
 *
 * @param blockers why the restore is refused, in the user's words; empty if it may begin
 * @param notes what the user should know: what will not be restored, what will be replaced
 * @param steps what will be done besides writing records, as the statements that will be executed
 * @param known how much of what the target has will change; null if the target doesn't tell
 */
public record TargetPreview(
        List<String> blockers,
        List<String> notes,
        List<String> steps,
        @Nullable TargetChanges known) {
    /** Copies the lists. */
    public TargetPreview {
        blockers = List.copyOf(blockers);
        notes = List.copyOf(notes);
        steps = List.copyOf(steps);
    }

    /** A preview that doesn't tell how much will change. */
    public TargetPreview(List<String> blockers, List<String> notes, List<String> steps) {
        this(blockers, notes, steps, null);
    }

    /** How much of what the target has will change, if the target tells. */
    public Optional<TargetChanges> changes() {
        return Optional.ofNullable(known);
    }
}
