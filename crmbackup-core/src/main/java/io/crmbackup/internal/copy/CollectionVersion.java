package io.crmbackup.internal.copy;

import io.crmbackup.internal.tree.TreeRoot;

/**
 * The two trees of a collection in one snapshot of one repository.
 *
 * @param content its records
 * @param fingerprints their fingerprints
 */
record CollectionVersion(TreeRoot content, TreeRoot fingerprints) {
    /** A collection without records. */
    static final CollectionVersion EMPTY = new CollectionVersion(TreeRoot.EMPTY, TreeRoot.EMPTY);
}
