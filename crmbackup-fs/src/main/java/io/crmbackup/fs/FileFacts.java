package io.crmbackup.fs;

import java.nio.file.Path;

/** What the system knows of a file without opening it. */
final class FileFacts {
    private FileFacts() {}

    /** Whether the file system has POSIX permissions and owners. */
    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
