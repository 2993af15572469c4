package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** A documented limit was exceeded, or stored data declares sizes beyond what this version accepts. */
public final class LimitExceededException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public LimitExceededException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public LimitExceededException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
