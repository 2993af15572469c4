package io.crmbackup.fs;

import io.crmbackup.spi.BytesAtHand;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A file of the target as bytes at hand; no link is followed. */
final class LocalBytes implements BytesAtHand, Closeable {
    private final FileChannel channel;

    private LocalBytes(FileChannel channel) {
        this.channel = channel;
    }

    static LocalBytes of(Path file) throws IOException {
        return new LocalBytes(FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    @Override
    public int read(long position, byte[] target, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(target, offset, length), position);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
