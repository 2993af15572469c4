package io.crmbackup.fs;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.UUID;

/** Files that are written under a name that means nothing, and get their own name once they are whole. */
final class TemporaryFiles {
    /** A temporary file that has not changed for so long belongs to a process that died. */
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);

    private static final int BUFFER = 64 * 1024;

    private TemporaryFiles() {}

    static String newName() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** What keeps others from reading a new file or directory, where the file system knows permissions. */
    static FileAttribute<?>[] ownerOnly(Path place, String permissions) {
        return FileFacts.isPosix(place)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** Writes a new file that only its owner can read, durably; leaves nothing if it fails. */
    static void write(Path file, InputStream content, Durability durability) throws IOException {
        write(file, content, -1, durability);
    }

    /** The same for a content of a known length, -1 for any: fewer or more bytes are an error. */
    static void write(Path file, InputStream content, long length, Durability durability) throws IOException {
        boolean done = false;
        try {
            try (FileChannel channel = FileChannel.open(
                    file,
                    EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    ownerOnly(file, "rw-------"))) {
                long written = copy(content, channel, length);
                if (length >= 0 && written != length) {
                    throw new EOFException("the content should have " + length + " bytes and "
                            + (written < length ? "ended after " + written : "has more"));
                }
                durability.file(channel);
            }
            done = true;
        } finally {
            if (!done) {
                discard(file);
            }
        }
    }

    /** Copies at most one byte more than {@code length}, so that a content that is too long can't fill the disk. */
    private static long copy(InputStream content, FileChannel channel, long length) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long written = 0;
        int read;
        while ((read = content.read(buffer)) >= 0) {
            if (length >= 0 && read > length - written) {
                return length + 1;
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            written += read;
        }
        return written;
    }

    /** Removes what is of no use any more; that it stays is no failure, because its name means nothing. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // It is cleared away when it is old.
        }
    }

    /**
     * Removes what processes that died have left. Age is the distance to a file written now, so that only the file system's clock counts;
     * a living writer whose file were taken for abandoned would fail and could repeat, nothing else.
     */
    static void clearAbandoned(Path directory, Durability durability) throws IOException {
        Path fresh = directory.resolve(newName());
        write(fresh, InputStream.nullInputStream(), 0, durability);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            FileTime limit =
                    FileTime.from(Files.getLastModifiedTime(fresh).toInstant().minus(ABANDONED_AFTER));
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                        discard(file);
                    }
                } catch (NoSuchFileException e) {
                    // Its writer has finished.
                }
            }
        } finally {
            discard(fresh);
        }
    }
}
