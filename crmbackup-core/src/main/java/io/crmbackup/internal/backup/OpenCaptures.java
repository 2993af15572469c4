package io.crmbackup.internal.backup;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Captures that are open together, and all closed in the end, also if one fails to close or something else failed before. Not thread-safe. */
final class OpenCaptures implements AutoCloseable {
    private final Map<String, SourceCapture> captures = new LinkedHashMap<>();
    private boolean finished;

    void add(String name, SourceCapture capture) {
        captures.put(name, capture);
    }

    void forEach(BiConsumer<String, SourceCapture> action) {
        captures.forEach(action);
    }

    /** All was read: from now on a failure to close counts. */
    void finish() {
        finished = true;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (SourceCapture capture : captures.values()) {
            try {
                capture.close();
            } catch (RuntimeException e) {
                failure = first(failure, e);
            }
        }
        if (failure != null && finished) {
            throw failure;
        }
    }

    private static RuntimeException first(@Nullable RuntimeException before, RuntimeException next) {
        if (before == null) {
            return next;
        }
        before.addSuppressed(next);
        return before;
    }
}
