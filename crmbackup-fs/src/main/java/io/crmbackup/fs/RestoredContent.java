package io.crmbackup.fs;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Writes the contents of restored files. Where {@value #HOLE} bytes in a row, beginning at a multiple of that, are zeros, nothing is written:
 * file systems that have sparse files then keep a hole, which takes no space and reads as zeros. Not every one of them was a hole before, but
 * no program can tell by the bytes.
 */
final class RestoredContent {
    private static final int HOLE = 64 * 1024;
    private static final byte[] ZEROS = new byte[HOLE];

    private RestoredContent() {}

    /** Writes a new file that only its owner can read, durably; leaves nothing if it fails. */
    static void write(Path file, FieldValue content, Durability durability) throws IOException {
        boolean done = false;
        try {
            Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            if (content.length() < 0 || content.length() >= HOLE) {
                // Elsewhere every file may have holes; Windows wants to be told.
                options.add(StandardOpenOption.SPARSE);
            }
            try (FileChannel channel = FileChannel.open(file, options, TemporaryFiles.ownerOnly(file, "rw-------"));
                    InputStream in = open(content)) {
                copy(in, channel);
                durability.file(channel);
            }
            done = true;
        } finally {
            if (!done) {
                TemporaryFiles.discard(file);
            }
        }
    }

    private static InputStream open(FieldValue content) throws IOException {
        return content.isNull() ? InputStream.nullInputStream() : content.open();
    }

    private static void copy(InputStream content, FileChannel channel) throws IOException {
        byte[] buffer = new byte[HOLE];
        long length = 0;
        boolean hole = false;
        int read;
        while ((read = content.readNBytes(buffer, 0, HOLE)) > 0) {
            hole = read == HOLE && Arrays.equals(buffer, ZEROS);
            if (!hole) {
                write(channel, ByteBuffer.wrap(buffer, 0, read), length);
            }
            length += read;
        }
        if (hole) {
            // What was never written ends no file: the last byte gives it its length.
            write(channel, ByteBuffer.allocate(1), length - 1);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** Whether a file has just this content, which is not fetched if that can be told without. Links are not followed. */
    static boolean isIn(Path file, FieldValue content) throws IOException {
        try (LocalBytes there = LocalBytes.of(file)) {
            return content.isNull() ? there.read(0, new byte[1], 0, 1) < 0 : content.isEqualTo(there);
        }
    }
}
