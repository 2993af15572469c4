package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/**
 * Other clients changed the repository again and again while this one tried to commit. Nothing was committed; running the
 * backup again is safe.
 */
public final class CommitConflictException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public CommitConflictException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public CommitConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
