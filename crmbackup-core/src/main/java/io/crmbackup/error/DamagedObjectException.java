package io.crmbackup.error;

import org.jspecify.annotations.Nullable;

/** An object in the repository is missing, cut short, altered, or not what its name says. Other objects stay readable. */
public final class DamagedObjectException extends BackupException {
    private static final long serialVersionUID = 1L;

    private final String object;
    private final String what;

    /** Creates the failure for an object's name in the sink and what is wrong with it. */
    public DamagedObjectException(String object, String what) {
        this(object, what, null);
    }

    /** Creates the failure for an object's name in the sink, what is wrong with it, and what caused it. */
    public DamagedObjectException(String object, String what, @Nullable Throwable cause) {
        super(object + ": " + what, cause);
        this.object = object;
        this.what = what;
    }

    /** The damaged object's name in the sink. */
    public String object() {
        return object;
    }

    /** What is wrong with it. */
    public String what() {
        return what;
    }
}
