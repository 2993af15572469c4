package io.crmbackup.fs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a finished temporary file its final name, in one step, and never over another file.
 *
 * <p>A hard link does exactly that: the system refuses it if the name is taken, whoever took it. A rename replaces on POSIX systems, and
 * creating the final file first would show readers a file that is not whole. So where a file system has no hard links (FAT, exFAT), the check
 * and the rename are done under a lock on a file, which is freed by the system when its process dies.
 */
interface Publication {
    /**
     * Moves the file to its final name; the temporary one may remain as a second name.
     *
     * @throws FileAlreadyExistsException if the final name is taken
     */
    void publish(Path temporary, Path file) throws IOException;

    /**
     * The way that the file system of a directory for temporary files offers, found by trying it there.
     *
     * @param lockFile used if need be; nobody may ever remove it
     */
    static Publication offeredIn(Path temporaryDirectory, Path lockFile) throws IOException {
        Path first = temporaryDirectory.resolve(TemporaryFiles.newName());
        Path second = temporaryDirectory.resolve(TemporaryFiles.newName());
        try {
            Files.createFile(first);
            try {
                Files.createLink(second, first);
                return Publication::byLink;
            } catch (UnsupportedOperationException | FileSystemException e) {
                // If a file can be created where a link can't, then it is links that are missing, not space or
                // permission.
                Files.createFile(second);
                Logger log = LoggerFactory.getLogger(DirectorySink.class);
                log.warn(
                        "The repository's file system has no hard links: writers exclude each other by a lock file instead");
                return new Locked(lockFile);
            }
        } finally {
            Files.deleteIfExists(first);
            Files.deleteIfExists(second);
        }
    }

    private static void byLink(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            // A network file system may repeat a request whose answer was lost, and then meets the link it has made
            // itself.
            if (!Files.isSameFile(file, temporary)) {
                throw e;
            }
        }
    }

    /** Check and rename under a lock that all writers of all processes take. */
    final class Locked implements Publication {
        private final Path lockFile;
        private final ReentrantLock threads = new ReentrantLock();

        Locked(Path lockFile) {
            this.lockFile = lockFile;
        }

        @Override
        public void publish(Path temporary, Path file) throws IOException {
            threads.lock();
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = lock(channel)) {
                if (!lock.isValid() || Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new FileAlreadyExistsException(file.toString());
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                threads.unlock();
            }
        }

        private static FileLock lock(FileChannel channel) throws IOException {
            while (true) {
                try {
                    return channel.lock();
                } catch (OverlappingFileLockException e) {
                    // Another sink of this process holds it, for which the system has no way to wait.
                    try {
                        Thread.sleep(1);
                    } catch (InterruptedException interrupt) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("interrupted while waiting for the lock file");
                    }
                }
            }
        }
    }
}
