package io.crmbackup.internal.backup;

import io.crmbackup.spi.Problem;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes on the problems of a capture, and remembers which collections they are of. Not thread-safe. */
final class CaptureProblems implements Consumer<Problem> {
    private final Consumer<Problem> out;
    private final Set<String> collections = new HashSet<>();
    private @Nullable String attempted;

    CaptureProblems(Consumer<Problem> out) {
        this.out = out;
    }

    @Override
    public void accept(Problem problem) {
        collections.add(problem.collection());
        if (!problem.collection().equals(attempted)) {
            out.accept(problem);
        }
    }

    /**
     * Until {@link #endAttempt()}, remembers that this collection has problems but does not pass them on: with one it is read anew, and those
     * that last are met again.
     */
    void beginAttempt(String collection) {
        attempted = collection;
    }

    /** From now on problems are passed on. */
    void endAttempt() {
        attempted = null;
    }

    /** Whether there was any with a collection so far. */
    boolean concern(String collection) {
        return collections.contains(collection);
    }
}
