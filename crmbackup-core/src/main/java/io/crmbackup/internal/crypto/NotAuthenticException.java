package io.crmbackup.internal.crypto;

import java.util.Objects;

/**
 * Sealed bytes do not open: they were altered, cut, or sealed under another key or for another place. Callers name
 * the object in a {@code DamagedObjectException}.
 */
public final class NotAuthenticException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the failure; {@code what} continues the sentence "the object …". */
    public NotAuthenticException(String what) {
        super(what);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
