package io.crmbackup.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that users give files by name: on Linux those called {@code user.…}, without that beginning, elsewhere all that Java calls user-defined
 * (extended attributes of macOS, alternate data streams of Windows). Written as bytes: for each, by ascending bytes of names, the name in UTF-8, {@code 00}, the value's
 * length as 4 bytes, and the value.
 */
final class ExtendedAttributes {
    /** How much of one file is kept: file systems of Linux have room for less. */
    static final int MOST = 1 << 20;

    private static final byte[] NONE = new byte[0];

    private ExtendedAttributes() {}

    /**
     * A file's attributes, empty if it has none, if its file system has none, or if the file itself can't be read either; links are not followed.
     * Fails if they can't be read, or are too many.
     */
    static byte[] read(Path path) throws IOException {
        UserDefinedFileAttributeView view = view(path);
        if (view == null) {
            return NONE;
        }
        try {
            return read(view);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            if (Files.isReadable(path) && arePossibleOn(path)) {
                throw e;
            }
            return NONE;
        }
    }

    private static byte[] read(UserDefinedFileAttributeView view) throws IOException {
        Map<byte[], byte[]> values = new TreeMap<>(Arrays::compareUnsigned);
        long length = 0;
        for (String name : view.list()) {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int size = view.size(name);
            length += bytes.length + 1L + Integer.BYTES + size;
            if (length > MOST) {
                throw new IOException("its extended attributes have more than " + MOST + " bytes");
            }
            ByteBuffer value = ByteBuffer.allocate(size);
            view.read(name, value);
            values.put(bytes, Arrays.copyOf(value.array(), value.position()));
        }
        return bytes(values, length);
    }

    private static byte[] bytes(Map<byte[], byte[]> values, long length) {
        ByteBuffer out = ByteBuffer.allocate((int) length);
        values.forEach((name, value) ->
                out.put(name).put((byte) 0).putInt(value.length).put(value));
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The bytes that {@link #read(Path)} gives of a file with these attributes. */
    static byte[] bytes(Map<String, byte[]> attributes) {
        Map<byte[], byte[]> values = new TreeMap<>(Arrays::compareUnsigned);
        attributes.forEach((name, value) -> values.put(name.getBytes(StandardCharsets.UTF_8), value));
        long length = 0;
        for (Map.Entry<byte[], byte[]> one : values.entrySet()) {
            length += one.getKey().length + 1L + Integer.BYTES + one.getValue().length;
        }
        return bytes(values, length);
    }

    /** Checks what was read from storage; fails with {@link IllegalArgumentException} if it is no such list. */
    static Map<String, byte[]> parse(byte[] bytes) {
        Map<String, byte[]> values = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            int begin = in.position();
            int end = begin;
            while (end < bytes.length && bytes[end] != 0) {
                end++;
            }
            if (end == begin || bytes.length - end < 1 + Integer.BYTES) {
                throw new IllegalArgumentException("its extended attributes are no list of names and values");
            }
            int length = in.position(end + 1).getInt();
            if (length < 0 || length > in.remaining()) {
                throw new IllegalArgumentException("its extended attributes are no list of names and values");
            }
            byte[] value = new byte[length];
            in.get(value);
            values.put(new String(bytes, begin, end - begin, StandardCharsets.UTF_8), value);
        }
        return values;
    }

    /** Gives a file just these attributes. */
    static void write(Path path, Map<String, byte[]> values) throws IOException {
        UserDefinedFileAttributeView view = view(path);
        if (view == null) {
            throw new IOException("there are no extended attributes here");
        }
        for (String name : view.list()) {
            if (!values.containsKey(name)) {
                view.delete(name);
            }
        }
        for (Map.Entry<String, byte[]> attribute : values.entrySet()) {
            view.write(attribute.getKey(), ByteBuffer.wrap(attribute.getValue()));
        }
    }

    /** Whether files of the file system that a path is on, or will be, can have such attributes. */
    static boolean arePossibleOn(Path path) {
        Path existing = path;
        while (existing != null) {
            try {
                return Files.getFileStore(existing).supportsFileAttributeView(UserDefinedFileAttributeView.class);
            } catch (IOException e) {
                existing = existing.getParent();
            }
        }
        return false;
    }

    private static @Nullable UserDefinedFileAttributeView view(Path path) {
        return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }
}
