package io.crmbackup.internal.changes;

import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.spi.RecordChanges;
import io.crmbackup.spi.RecordKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * How many records there are now in parts of a collection that follow one another.
 *
 * @param parts the parts
 * @param now a number for each
 */
record PartCounts(List<Part> parts, long[] now) {
    /** The base as one part. */
    static List<Part> whole(StoredCollection base) {
        return List.of(new Part(null, null, base.manifest().content().records()));
    }

    /** The base divided where nodes begin. */
    static List<Part> divided(StoredCollection base, Fineness fineness) {
        List<Part> parts = new ArrayList<>();
        new Division(
                        whole(base).get(0),
                        base.trees()
                                .ranges(base.manifest().content(), fineness.parts())
                                .iterator())
                .forEachRemaining(parts::add);
        return parts;
    }

    /** Counts by parts of the whole; just as one number where these can't be counted. */
    static PartCounts ofAll(RecordChanges changes, List<Part> parts) throws IOException {
        if (parts.size() > 1) {
            PartCounts counted = of(changes, parts);
            if (Arrays.stream(counted.now).allMatch(count -> count >= 0)) {
                return counted;
            }
        }
        long records = parts.stream().mapToLong(Part::records).sum();
        return new PartCounts(List.of(new Part(null, null, records)), new long[] {changes.count()});
    }

    static PartCounts of(RecordChanges changes, List<Part> parts) throws IOException {
        Part whole = new Part(parts.get(0).from(), parts.get(parts.size() - 1).to(), 0);
        List<RecordKey> bounds = new ArrayList<>();
        for (Part part : parts.subList(1, parts.size())) {
            // Only the first part has no lower bound.
            bounds.add(RecordKey.of(Objects.requireNonNull(part.from())));
        }
        Interruption.check();
        long[] now = changes.counts(whole.keys(), bounds);
        if (now.length != parts.size()) {
            throw new ImplausibleChangesException(
                    "the source gave " + now.length + " counts where " + parts.size() + " were asked for");
        }
        return new PartCounts(parts, now);
    }

    /** Whether there is more than one number. */
    boolean isDivided() {
        return parts.size() > 1;
    }

    long sum() {
        return Arrays.stream(now).sum();
    }

    /** How many records are missing from each part. */
    long[] missing(PlaceCounter insertions) {
        long[] missing = new long[now.length];
        for (int i = 0; i < now.length; i++) {
            Part part = parts.get(i);
            missing[i] = part.records() + insertions.below(part.to()) - now[i];
            if (now[i] < 0 || missing[i] < 0 || missing[i] > part.records()) {
                throw new ImplausibleChangesException("the source's count of a part of its records is not possible");
            }
        }
        return missing;
    }
}
