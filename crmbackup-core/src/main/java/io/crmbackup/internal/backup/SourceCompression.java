package io.crmbackup.internal.backup;

import io.crmbackup.BackupPlan;
import io.crmbackup.Compression;
import io.crmbackup.internal.snapshot.Names;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How the collections of a source are compressed.
 *
 * @param source how the source's own documents are, and all collections that are not named
 * @param collections by exact names
 */
record SourceCompression(Compression source, Map<String, Compression> collections) {
    /** All as usual. */
    static final SourceCompression STANDARD = new SourceCompression(Compression.standard(), Map.of());

    /** As a plan says for a source with these collections; throws {@link IllegalArgumentException} if it names one that isn't there. */
    static SourceCompression of(BackupPlan plan, String source, Collection<String> names) {
        Map<String, Compression> exact = new HashMap<>();
        plan.compressionOfCollections(source).forEach((name, compression) -> {
            String found = Names.find("source " + source, "collection", name, names, any -> any);
            Compression other = exact.putIfAbsent(found, compression);
            if (other != null && other != compression) {
                throw new IllegalArgumentException("collection " + found + " of source " + source + " is to be both "
                        + other + " and " + compression);
            }
        });
        return new SourceCompression(plan.compression(source), exact);
    }

    Compression of(String collection) {
        return collections.getOrDefault(collection, source);
    }
}
