package io.crmbackup.fs;

import java.io.IOException;

/** The work directory failed, not the file that was looked at: the capture can't go on. */
final class WorkDirectoryException extends IOException {
    private static final long serialVersionUID = 1;

    WorkDirectoryException(IOException cause) {
        super("the work directory can't be used: " + cause.getMessage(), cause);
    }
}
