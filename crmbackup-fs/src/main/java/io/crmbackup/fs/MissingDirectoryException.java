package io.crmbackup.fs;

import java.nio.file.NotDirectoryException;

/**
 * A directory that has to be there is not. Not a {@link java.nio.file.NoSuchFileException}, which would tell that an object is absent; and of
 * no use to try again.
 */
final class MissingDirectoryException extends NotDirectoryException {
    private static final long serialVersionUID = 1L;

    private final String what;

    MissingDirectoryException(String directory, String what) {
        super(directory);
        this.what = what;
    }

    @Override
    public String getMessage() {
        return getFile() + ": " + what;
    }
}
