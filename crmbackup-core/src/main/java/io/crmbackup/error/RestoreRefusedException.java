package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** A restore was refused before anything was written: the target is not empty, a name is unsafe there, or something asked for is missing. */
public final class RestoreRefusedException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public RestoreRefusedException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public RestoreRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
