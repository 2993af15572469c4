package io.crmbackup.spi;

import java.util.List;

/**
 * What a target says about a restore before it begins.
 *
 * @param blockers why the restore is refused, in the user's words; empty if it may begin
 * @param notes what the user should know: what will not be restored, what will be replaced
 * @param steps what will be done besides writing records, as the statements that will be executed
 */
public record TargetPreview(List<String> blockers, List<String> notes, List<String> steps) {
    /** Copies the lists. */
    public TargetPreview {
        blockers = List.copyOf(blockers);
        notes = List.copyOf(notes);
        steps = List.copyOf(steps);
    }
}
