package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** What was restored is not what was backed up. */
public final class VerificationFailedException extends BackupException {
    private static final long serialVersionUID = 1L;

    /** Creates the failure with a message for the user. */
    public VerificationFailedException(String message) {
        super(message);
    }

    /** Creates the failure with a message for the user and what caused it. */
    public VerificationFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
