package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** Root of all failures of an operation on a repository. The message is written for the person who has to act on it. */
public class BackupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates a failure with a message for the user. */
    public BackupException(String message) {
        super(message);
    }

    /** Creates a failure with a message for the user and what caused it. */
    public BackupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
