package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** A target could not be written while restoring. */
public final class TargetException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public TargetException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public TargetException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
