package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** There is no repository at this place: it is empty, or holds something else. */
public final class NotARepositoryException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public NotARepositoryException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public NotARepositoryException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
