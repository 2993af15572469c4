package io.crmbackup.internal.capture;

import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.internal.tree.TreeRoot;

/** Builds a collection's two trees, of content and of fingerprints, from records in tree order. */
public final class TreeBuilding implements OrderedRecords {
    private final TreeBuilder content;
    private final TreeBuilder fingerprints;

    TreeBuilding(TreeBuilder content, TreeBuilder fingerprints) {
        this.content = content;
        this.fingerprints = fingerprints;
    }

    @Override
    public void add(byte[] place, byte[] value, byte[] fingerprint) {
        content.add(place, value);
        if (fingerprint.length > 0) {
            fingerprints.add(place, fingerprint);
        }
    }

    /** Completes both trees. */
    public Trees finish() {
        return new Trees(content.finish(), fingerprints.finish());
    }

    /** The two trees of a collection. */
    public record Trees(TreeRoot content, TreeRoot fingerprints) {}
}
