package io.crmbackup.internal.backup;

import io.crmbackup.spi.Problem;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Passes on the problems of a capture, and remembers which collections they are of. Not thread-safe. */
final class CaptureProblems implements Consumer<Problem> {
    private final Consumer<Problem> out;
    private final Set<String> collections = new HashSet<>();

    CaptureProblems(Consumer<Problem> out) {
        this.out = out;
    }

    @Override
    public void accept(Problem problem) {
        collections.add(problem.collection());
        out.accept(problem);
    }

    /** Whether there was any with a collection so far. */
    boolean concern(String collection) {
        return collections.contains(collection);
    }
}
