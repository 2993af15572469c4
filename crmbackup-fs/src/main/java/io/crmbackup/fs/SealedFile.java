package io.crmbackup.fs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A temporary file of blocks of bytes, sealed with AES-256-GCM: names tell about people, and work directories may be on other disks than what is
 * backed up. The key dies with the process. The file has no name, where the system allows that, and is gone when it is closed. Not thread-safe.
 */
final class SealedFile implements Closeable {
    private static final int TAG = 16;
    private static final int NONCE = 12;
    private static final int KEY = 32;

    private final FileChannel channel;
    private final SecretKeySpec key;
    private long end;

    SealedFile(Path workDirectory) throws IOException {
        this.channel = unnamed(workDirectory);
        byte[] secret = new byte[KEY];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, "AES");
    }

    /** Creates a file for its owner that goes away when it is closed. */
    static FileChannel unnamed(Path workDirectory) throws IOException {
        Path file = workDirectory.resolve("files-" + TemporaryFiles.newName());
        try {
            return FileChannel.open(
                    file,
                    Set.of(
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE),
                    TemporaryFiles.ownerOnly(file, "rw-------"));
        } catch (IOException e) {
            throw new WorkDirectoryException(e);
        }
    }

    /** Adds a block; returns where it is. */
    long append(byte[] block) throws IOException {
        long at = end;
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, at, block);
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + sealed.length)
                .putInt(block.length)
                .put(sealed)
                .flip();
        write(channel, at, bytes);
        end = at + bytes.limit();
        return at;
    }

    /** The block at a place. */
    byte[] read(long at) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
        read(channel, at, length);
        int plain = length.getInt(0);
        if (plain < 0 || plain > end - at - Integer.BYTES - TAG) {
            throw new WorkDirectoryException(new IOException("a temporary file was altered"));
        }
        ByteBuffer sealed = ByteBuffer.allocate(plain + TAG);
        read(channel, at + Integer.BYTES, sealed);
        return cipher(Cipher.DECRYPT_MODE, at, sealed.array());
    }

    /** Where the block begins that was added after one. */
    static long next(long at, byte[] block) {
        return at + Integer.BYTES + block.length + TAG;
    }

    private byte[] cipher(int mode, long at, byte[] bytes) throws IOException {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            // Each place is written once, and the key is of this file only.
            byte[] nonce = ByteBuffer.allocate(NONCE).putLong(at).array();
            cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
            return cipher.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new WorkDirectoryException(new IOException("a temporary file was altered", e));
        }
    }

    static void read(FileChannel channel, long at, ByteBuffer into) throws IOException {
        try {
            while (into.hasRemaining()) {
                if (channel.read(into, at + into.position()) < 0) {
                    throw new IOException("a temporary file was cut short");
                }
            }
        } catch (IOException e) {
            throw new WorkDirectoryException(e);
        }
    }

    static void write(FileChannel channel, long at, ByteBuffer from) throws IOException {
        try {
            while (from.hasRemaining()) {
                channel.write(from, at + from.position());
            }
        } catch (IOException e) {
            throw new WorkDirectoryException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
