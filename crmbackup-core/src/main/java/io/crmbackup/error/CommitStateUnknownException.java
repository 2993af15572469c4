package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** The storage did not say whether the commit arrived. The backup may or may not be listed later; either way it is whole. Nothing is cleaned up, and running the backup again is safe. */
public final class CommitStateUnknownException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public CommitStateUnknownException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public CommitStateUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
