package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** A source could not be captured or read. Never caused by the storage under the repository. */
public final class SourceException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public SourceException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public SourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
