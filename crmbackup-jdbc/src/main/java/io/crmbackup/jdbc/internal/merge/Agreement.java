package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.spi.CollectionChanges;
import io.crmbackup.spi.TargetChanges;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a run did what its preview had said. The database is in use: that a few rows more or less were found is no matter. But what was not
 * announced at all, or takes more away than was announced, nobody agreed to.
 */
final class Agreement {
    private Agreement() {}

    /** What was not announced, in words. */
    static List<String> breaches(TargetChanges announced, TargetChanges done) {
        List<String> breaches = new ArrayList<>();
        for (CollectionChanges now : done.collections()) {
            announced.collections().stream()
                    .filter(table -> table.collection().equals(now.collection()))
                    .forEach(before -> compare(before, now, breaches));
        }
        return breaches;
    }

    private static void compare(CollectionChanges before, CollectionChanges now, List<String> breaches) {
        String table = "table " + now.collection() + ": ";
        if (before.created() == 0 && now.created() > 0) {
            breaches.add(table + now.created() + " rows would be inserted, announced were none");
        }
        if (before.changed() == 0 && now.changed() > 0) {
            breaches.add(table + now.changed() + " rows would be changed, announced were none");
        }
        if (now.conflicted() > before.conflicted()) {
            breaches.add(table + now.conflicted() + " rows are in conflict, announced were " + before.conflicted());
        }
        if (now.deleted() > before.deleted()) {
            breaches.add(table + now.deleted() + " rows would be deleted, announced were " + before.deleted());
        }
        if (now.cascaded() > before.cascaded()) {
            breaches.add(table + now.cascaded() + " rows of other tables would be deleted along, announced were "
                    + before.cascaded());
        }
    }
}
