package io.crmbackup.internal.repository;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.crmbackup.error.BackupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fresh private directory for temporary files, removed on close. */
final class WorkDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String PREFIX = "crmbackup-";

    private final Path path;

    private WorkDirectory(Path path) {
        this.path = path;
    }

    /** Creates it below a directory, which is created if it is not there, or below the system's temporary one. */
    static WorkDirectory below(@Nullable Path parent) {
        try {
            if (parent == null) {
                return new WorkDirectory(Files.createTempDirectory(PREFIX));
            }
            Files.createDirectories(parent);
            return new WorkDirectory(Files.createTempDirectory(parent, PREFIX));
        } catch (IOException e) {
            throw new BackupException(
                    "no work directory can be made below " + (parent == null ? "the temporary directory" : parent)
                            + ": " + e.getMessage(),
                    e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            // Insecure only against those who can exchange directories in it meanwhile: it is private to the user.
            MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
        } catch (IOException e) {
            LOG.warn("temporary files were left in {}: {}", path, e.toString());
        }
    }
}
