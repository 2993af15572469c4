package io.crmbackup.internal.tree;

import java.util.Objects;

/** Bytes that carry the right id but aren't what the format says; whoever knows the chunk's id turns it into a failure for the user. */
final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String what) {
        super(what, null, false, false);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
