package io.crmbackup.internal.codec;

import java.util.Objects;

/** Encoded bytes that don't decode to what was declared. Callers name the object in a {@code DamagedObjectException}. */
public final class MalformedEncodingException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Creates the failure; {@code what} says what is wrong. */
    public MalformedEncodingException(String what) {
        super(what);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
