package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.keys.KeySet;
import io.crmbackup.jdbc.internal.merge.keys.KeySets;
import io.crmbackup.jdbc.internal.merge.reference.ForeignKeys;
import io.crmbackup.jdbc.internal.merge.reference.Holders;
import io.crmbackup.jdbc.internal.merge.reference.Link;
import io.crmbackup.jdbc.internal.merge.reference.Links;
import io.crmbackup.jdbc.internal.merge.row.MergeRules;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Foresees which rows will still be there, and refer to what they refer to now, when all rows are written. Used by one thread at a time. */
final class Remaining implements Holders.Staying {
    private final MergeRules rules;
    private final Map<String, TableFit> fitsByTable;
    private final RestoredKeys restoredKeys;
    private final Links links;
    private final ForeignKeys keys;
    private final KeySets sets;
    private final Set<String> undoing;
    private final Map<Link, KeySet> undone = new HashMap<>();
    private boolean written;

    /**
     * Prepares to foresee.
     *
     * @param undoing gets the tables whose changes are undone, to which policies about the rows of a backup don't apply
     */
    Remaining(
            MergeRules rules,
            Map<String, TableFit> fitsByTable,
            RestoredKeys restoredKeys,
            Links links,
            ForeignKeys keys,
            KeySets sets,
            Set<String> undoing) {
        this.rules = rules;
        this.fitsByTable = fitsByTable;
        this.restoredKeys = restoredKeys;
        this.links = links;
        this.keys = keys;
        this.sets = sets;
        this.undoing = undoing;
    }

    /** From now on rows refer to what they will: they are written, by a run. */
    void written() {
        written = true;
    }

    /** As far as that can be told; what it can't, the database tells where it refuses to delete what is referred to. */
    @Override
    public boolean stays(Link link, List<FieldValue> key) throws IOException, SQLException {
        boolean enforced = keys.holds(link);
        if (enforced) {
            for (Link other : links.from(link.child())) {
                if (keys.cascades(other)) {
                    return false;
                }
            }
        }
        TableFit fit = fitsByTable.get(link.child().collection());
        if (fit == null || key.isEmpty()) {
            return fit == null || !enforced;
        }
        boolean restored = isRestored(link.child(), key);
        return switch (rules.policy(fit.name()).existing()) {
            case KEEP -> true;
            case MIRROR -> restored && !(enforced && writes(fit, link)) && !isReleased(link, key);
            case OVERWRITE, NEWER, REFUSE -> !restored || !(enforced && writes(fit, link)) && !isReleased(link, key);
        };
    }

    @Override
    public boolean isRestored(Table table, List<FieldValue> key) throws IOException {
        TableFit fit = fitsByTable.get(table.collection());
        return fit != null && !key.isEmpty() && restoredKeys.contains(fit, fit.key(key));
    }

    /** Notes that a change of a row is undone in some fields: by these it doesn't refer to what it refers to now. */
    void undo(TableFit fit, RestoredRow row, BitSet fields) throws IOException {
        for (Link link : links.from(fit.table())) {
            if (link.reference().fields().stream().mapToInt(fit::indexOf).anyMatch(i -> i >= 0 && fields.get(i))) {
                undone.computeIfAbsent(link, l -> sets.newSet()).add(row.key());
            }
        }
    }

    /**
     * Whether a row is going to get another reference than it has: that of the backup, in which none leads to rows beyond it, or that from before a
     * change which is undone.
     */
    boolean isReleased(Link link, List<FieldValue> key) throws IOException {
        @Nullable TableFit fit = fitsByTable.get(link.child().collection());
        if (written || fit == null || key.isEmpty()) {
            return false;
        }
        if (undoing.contains(fit.name())) {
            KeySet rows = undone.get(link);
            return rows != null && rows.contains(fit.key(key));
        }
        return writes(fit, link) && restoredKeys.isOverwritten(fit, rules.policy(fit.name()), fit.key(key));
    }

    /** Columns that came since keep what they refer to. */
    private static boolean writes(TableFit fit, Link link) {
        return link.reference().fields().stream().allMatch(column -> fit.indexOf(column) >= 0);
    }
}
