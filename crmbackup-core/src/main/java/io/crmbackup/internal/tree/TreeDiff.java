package io.crmbackup.internal.tree;

import io.crmbackup.internal.store.ChunkReader;
import org.jspecify.annotations.Nullable;

/**
 * The records in which two trees differ, in ascending order of their keys. Reads a node only if the other tree doesn't have it, so the cost
 * follows the changes; equal trees cost nothing. Holds one node per level and tree. Not thread-safe.
 *
 * <p>Both trees are walked at once, each head being a node or a record. Heads with the same key and node are passed over unread. Otherwise
 * the head with the smaller key is opened, or the higher one if the keys are equal: the other tree has nothing left that could equal it.
 */
public final class TreeDiff {
    private final DiffSide older;
    private final DiffSide newer;
    private boolean started;
    private boolean hasBefore;
    private boolean hasAfter;

    /** Creates the difference from one tree to another, both built with these parameters. */
    public TreeDiff(TreeParameters parameters, ChunkReader chunks, TreeRoot before, TreeRoot after) {
        this(BoundaryRule.of(parameters), chunks, before, after);
    }

    TreeDiff(BoundaryRule rule, ChunkReader chunks, TreeRoot before, TreeRoot after) {
        boolean equal = before.equals(after);
        older = new DiffSide(new NodeReader(rule, chunks), equal ? TreeRoot.EMPTY : before);
        newer = new DiffSide(new NodeReader(rule, chunks), equal ? TreeRoot.EMPTY : after);
    }

    /**
     * Steps to the next record that differs and tells whether there is one.
     *
     * @throws io.crmbackup.error.DamagedObjectException if a node isn't what its parent says
     */
    public boolean next() {
        passCurrent();
        while (!older.isAtEnd() || !newer.isAtEnd()) {
            int order = older.isAtEnd() ? 1 : newer.isAtEnd() ? -1 : older.compareKey(newer);
            if (order == 0 && older.level() == newer.level()) {
                if (older.sameContent(newer)) {
                    older.pass();
                    newer.pass();
                } else if (older.isRecord()) {
                    hasBefore = true;
                    hasAfter = true;
                    return true;
                } else {
                    older.open();
                    newer.open();
                }
            } else if (order < 0 || order == 0 && older.level() > newer.level()) {
                if (older.isRecord()) {
                    hasBefore = true;
                    return true;
                }
                older.open();
            } else {
                if (newer.isRecord()) {
                    hasAfter = true;
                    return true;
                }
                newer.open();
            }
        }
        return false;
    }

    private void passCurrent() {
        if (!started) {
            started = true;
            older.start();
            newer.start();
        }
        if (hasBefore) {
            older.pass();
        }
        if (hasAfter) {
            newer.pass();
        }
        hasBefore = false;
        hasAfter = false;
    }

    /** The key of the record that differs. */
    public byte[] key() {
        return hasBefore ? older.key() : current(newer, hasAfter).key();
    }

    /** The value in the first tree, or null if the record was added. */
    public byte @Nullable [] before() {
        current(older, hasBefore || hasAfter);
        return hasBefore ? older.value() : null;
    }

    /** The value in the second tree, or null if the record was removed. */
    public byte @Nullable [] after() {
        current(newer, hasBefore || hasAfter);
        return hasAfter ? newer.value() : null;
    }

    private static DiffSide current(DiffSide side, boolean there) {
        if (!there) {
            throw new IllegalStateException("call next() first, and only read if it returns true");
        }
        return side;
    }
}
