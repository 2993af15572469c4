package io.crmbackup.internal.changes;

/** What a source says changed can't be true, so that all must be read. The message says why, in the user's words. */
public final class ImplausibleChangesException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImplausibleChangesException(String message) {
        super(message);
    }
}
