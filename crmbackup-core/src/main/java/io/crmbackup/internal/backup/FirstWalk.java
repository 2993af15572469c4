package io.crmbackup.internal.backup;

import io.crmbackup.internal.snapshot.StoredCollection;
import io.crmbackup.internal.snapshot.StoredSource;
import io.crmbackup.spi.Problem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of windows before the moment of the others. Problems of this walk count only for what is taken from it in the end: all else
 * is read again. Not thread-safe.
 */
final class FirstWalk {
    /** How many records that changed while they were read are remembered by name. Beyond that any may be one. */
    private static final int MOST_NAMED = 10_000;

    private final Map<String, StoredSource> sources = new LinkedHashMap<>();
    private final Map<String, Map<String, Problem>> unstable = new HashMap<>();
    private int named;

    void put(StoredSource source) {
        sources.put(source.name(), source);
    }

    @Nullable
    StoredSource source(String name) {
        return sources.get(name);
    }

    /** The same collection as this walk saw it. */
    @Nullable
    StoredCollection collection(String source, String collection) {
        StoredSource walked = sources.get(source);
        return walked == null ? null : walked.collection(collection).orElse(null);
    }

    void problem(String source, Problem problem) {
        if (problem.kind() == Problem.Kind.UNSTABLE && ++named <= MOST_NAMED) {
            unstable.computeIfAbsent(source, any -> new HashMap<>()).put(problem.item(), problem);
        }
    }

    /** What is wrong with a record of this walk. */
    Optional<Problem> problemOf(String source, String collection, String item) {
        if (named > MOST_NAMED) {
            return Optional.of(
                    new Problem(Problem.Kind.UNSTABLE, collection, item, "it may have changed while it was read"));
        }
        return Optional.ofNullable(unstable.getOrDefault(source, Map.of()).get(item));
    }
}
