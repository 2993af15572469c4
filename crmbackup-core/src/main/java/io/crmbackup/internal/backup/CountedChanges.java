package io.crmbackup.internal.backup;

import io.crmbackup.internal.diff.ChangeCount;
import io.crmbackup.internal.tree.TreeRoot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How contents differ from those of the base, where that was counted while the changes were found. Not thread-safe. */
final class CountedChanges {
    private final Map<Pair, ChangeCount> counts = new HashMap<>();

    private record Pair(TreeRoot before, TreeRoot after) {}

    void put(TreeRoot before, TreeRoot after, ChangeCount count) {
        counts.put(new Pair(before, after), count);
    }

    @Nullable
    ChangeCount find(TreeRoot before, TreeRoot after) {
        return counts.get(new Pair(before, after));
    }
}
