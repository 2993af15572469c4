package io.crmbackup.internal.restore;

import io.crmbackup.FileReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.record.RecordText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Selects the files that selected records refer to. */
final class FilesOfRecords {
    private static final int MOST_EXAMPLES = 5;

    private final RestorePlan plan;
    private final Manifest manifest;
    private final Function<String, SelectionResolver> resolvers;

    /** Selects with the resolvers of the sources of files. */
    FilesOfRecords(RestorePlan plan, Manifest manifest, Function<String, SelectionResolver> resolvers) {
        this.plan = plan;
        this.manifest = manifest;
        this.resolvers = resolvers;
    }

    /**
     * Selects the files that records of a source refer to, and returns what is to be said of it.
     *
     * @param paths the paths that selected records hold
     */
    List<String> bring(String source, Function<FileReferences, List<String>> paths) {
        List<FileReferences> references = manifest.references().stream()
                .filter(reference -> reference.source().equals(source))
                .toList();
        if (references.isEmpty()) {
            throw new IllegalArgumentException(
                    "withFiles: the plan of snapshot " + manifest.id().brief() + " does not say which records of "
                            + source + " refer to files; give the backup plan .references(...)");
        }
        List<String> notes = new ArrayList<>();
        for (FileReferences reference : references) {
            if (!plan.targets().containsKey(reference.files())) {
                throw new IllegalArgumentException(
                        "withFiles needs a target for the files: .into(\"" + reference.files() + "\", target)");
            }
            List<String> missing = resolvers.apply(reference.files()).addFiles(paths.apply(reference));
            if (!missing.isEmpty()) {
                notes.add(missing.size() + " of the files that records of " + source + "/" + reference.collection()
                        + " refer to are not in the snapshot: " + some(missing));
            }
        }
        return notes;
    }

    private static String some(List<String> paths) {
        List<String> examples =
                paths.stream().limit(MOST_EXAMPLES).map(RecordText::escaped).toList();
        return String.join(", ", examples) + (paths.size() > MOST_EXAMPLES ? ", …" : "");
    }
}
