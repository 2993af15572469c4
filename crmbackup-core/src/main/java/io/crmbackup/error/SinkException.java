package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** The storage under a repository failed or refused: it could not be read, written or listed. Never caused by a source. */
public final class SinkException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public SinkException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public SinkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
