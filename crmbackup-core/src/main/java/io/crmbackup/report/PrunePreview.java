package io.crmbackup.report;

import java.util.List;

/**
 * What a prune would do.
 *
 * @param packsToCondemn packs to be given up: nothing needs them, or what is needed of them is stored again elsewhere
 * @param bytesToCondemn their length together
 * @param packsToRewrite how many of these hold something that is stored again
 * @param bytesToRewrite about how many bytes are stored again
 * @param basesToRelease contents that no snapshot has any more, but that changes are stored against; these changes are stored again
 * @param packsToDelete packs to be deleted now: those given up long enough ago
 * @param bytesToDelete their length together
 * @param indexesToMerge index objects to be replaced by fewer ones
 * @param notes what is kept back and why
 */
public record PrunePreview(
        long packsToCondemn,
        long bytesToCondemn,
        long packsToRewrite,
        long bytesToRewrite,
        long basesToRelease,
        long packsToDelete,
        long bytesToDelete,
        long indexesToMerge,
        List<String> notes) {
    /** Copies the list. */
    public PrunePreview {
        notes = List.copyOf(notes);
    }

    /** About how much smaller the repository is in the end, when what is given up has been deleted. */
    public long bytesFreed() {
        return bytesToCondemn - bytesToRewrite;
    }
}
