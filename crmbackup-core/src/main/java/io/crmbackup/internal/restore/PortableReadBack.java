package io.crmbackup.internal.restore;

import io.crmbackup.error.SourceException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.portable.PortableRun;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves a restore into a target that keeps what it gets in other terms than the source: by digests that are equal whatever system holds the
 * records. They tell which collection is not equal, not which record. Not thread-safe.
 */
final class PortableReadBack {
    private final String source;
    private final Map<String, String> attributes;
    private final List<RestoredCollection> counterparts;
    private final Progress progress;

    /**
     * Of what was restored.
     *
     * @param attributes what the backed-up source says of itself
     * @param counterparts what has to be there
     */
    PortableReadBack(
            String source, Map<String, String> attributes, List<RestoredCollection> counterparts, Progress progress) {
        this.source = source;
        this.attributes = attributes;
        this.counterparts = counterparts;
        this.progress = progress;
    }

    /** Compares what a source shows of the target. */
    void compare(Source restored, Target target, Path workDirectory) {
        List<String> differences = new ArrayList<>();
        try {
            PortableRun run = new PortableRun(progress);
            Map<String, PortableDigest> found = new HashMap<>();
            run.live(source, restored, workDirectory).forEach(digest -> found.put(digest.collection(), digest));
            for (RestoredCollection counterpart : counterparts) {
                PortableDigest there = found.get(counterpart.name());
                if (there == null) {
                    differences.add(source + "/" + counterpart.name() + ": it is not there");
                    continue;
                }
                PortableDigest expected = run.restored(source, counterpart, attributes);
                if (there.records() != expected.records()) {
                    differences.add(source + "/" + counterpart.name() + ": it has " + there.records() + " records, not "
                            + expected.records());
                } else if (!there.digest().equals(expected.digest())) {
                    differences.add(source + "/" + counterpart.name() + ": its portable digest is another");
                }
            }
        } catch (IOException e) {
            Interruption.check(e);
            throw notCompared(target, e);
        } catch (SourceException e) {
            throw notCompared(target, e);
        }
        if (!differences.isEmpty()) {
            throw new VerificationFailedException(
                    "what was restored is not what was backed up: " + String.join("; ", differences));
        }
    }

    private static VerificationFailedException notCompared(Target target, Exception cause) {
        return new VerificationFailedException(
                "everything was restored to " + target + ", but can't be compared: " + cause.getMessage(), cause);
    }
}
