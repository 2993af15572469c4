package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** The repository or one of its objects was written by a newer version of the format, or needs a feature that this version does not know. */
public final class UnsupportedFormatException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public UnsupportedFormatException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public UnsupportedFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
