package io.crmbackup.internal.index;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.BackupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in a directory of their own below the work directory, readable by their owner only. A file is written, mapped, closed and removed at once: the mapping keeps it alive, a process that is killed leaves nothing behind, and an
 * interrupt, which closes the channel it meets, can't take a file away from other threads. Where a mapped file can't be removed (Windows), that is tried again on close. Not thread-safe.
 */
final class WorkFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkFiles.class);

    private final Path workDirectory;
    private final List<Path> left = new ArrayList<>();
    private @Nullable Path directory;

    WorkFiles(Path workDirectory) {
        this.workDirectory = workDirectory;
    }

    /** What writes a file. */
    @FunctionalInterface
    interface Writing {
        void to(FileChannel channel) throws IOException;
    }

    /** Writes a file and maps it in regions of at most {@code regionLength} bytes. */
    List<MappedByteBuffer> write(MapMode mode, int regionLength, Writing writing) {
        try {
            Path file = Files.createTempFile(directory(), "rows", null, ownerOnly("rw-------"));
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                writing.to(channel);
                List<MappedByteBuffer> regions = new ArrayList<>();
                for (long at = 0; at < channel.size(); at += regionLength) {
                    regions.add(channel.map(mode, at, Math.min(regionLength, channel.size() - at)));
                }
                return regions;
            } finally {
                remove(file);
            }
        } catch (ClosedByInterruptException e) {
            throw new BackupCancelledException("interrupted while writing to the work directory", e);
        } catch (IOException e) {
            throw new BackupException(
                    "could not write to the work directory " + workDirectory + ": " + e.getMessage(), e);
        }
    }

    /** Writes all of a buffer. */
    static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private Path directory() throws IOException {
        if (directory == null) {
            directory = Files.createTempDirectory(workDirectory, "index", ownerOnly("rwx------"));
        }
        return directory;
    }

    private void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            left.add(file);
        }
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return workDirectory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Removes the directory. Idempotent. */
    @Override
    public void close() {
        try {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
            if (directory != null) {
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            LOG.warn("could not remove index files from the work directory: {}", e.toString());
        }
    }
}
