package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** A repository already exists where a new one was to be created. */
public final class RepositoryExistsException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public RepositoryExistsException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public RepositoryExistsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
