package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** The passphrase or key file opens none of the repository's key slots. */
public final class WrongKeyException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public WrongKeyException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public WrongKeyException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
