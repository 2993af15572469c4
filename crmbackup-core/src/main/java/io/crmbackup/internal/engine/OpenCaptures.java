package io.crmbackup.internal.engine;

import java.util.Map;

/** Closes captures that are open together: all of them, also if one fails to close or something else failed before. Not thread-safe. */
final class OpenCaptures implements AutoCloseable {
    private final Map<String, SourceCapture> captures;
    private boolean finished;

    OpenCaptures(Map<String, SourceCapture> captures) {
        this.captures = captures;
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
                failure = e;
            }
        }
        if (failure != null && finished) {
            throw failure;
        }
    }
}
