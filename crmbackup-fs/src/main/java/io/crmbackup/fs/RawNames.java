package io.crmbackup.fs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Converts between paths and the bytes of their names. A path's text depends on the process's locale and loses bytes that are no text in
 * it; its URI holds every byte. Plain ASCII is the same in all of them and goes the short way.
 */
final class RawNames {
    private RawNames() {}

    /** The bytes of a path as the system has them: a name, or a link's target. */
    static byte[] bytes(Path path) throws IOException {
        String text = path.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        if (!namesAreBytes(path.getFileSystem())) {
            return encoded(text);
        }
        byte[] bytes = decodePercents(
                path.getFileSystem().getPath("/").resolve(path).toUri().getRawPath());
        // The URI of what happens to be a directory ends with a slash, which no path does.
        int end = bytes.length > 1 && bytes[bytes.length - 1] == '/' ? bytes.length - 1 : bytes.length;
        return Arrays.copyOfRange(bytes, path.isAbsolute() ? 0 : 1, end);
    }

    /** The path that has these bytes. Fails if the file system can't have it. */
    static Path path(FileSystem fileSystem, byte[] bytes) throws IOException {
        try {
            if (isAscii(bytes)) {
                return fileSystem.getPath(new String(bytes, StandardCharsets.US_ASCII));
            }
            if (!namesAreBytes(fileSystem)) {
                return fileSystem.getPath(decoded(bytes));
            }
            boolean absolute = bytes[0] == '/';
            Path path = Path.of(URI.create("file://" + (absolute ? "" : "/") + encodePercents(bytes)));
            return absolute ? path : path.subpath(0, path.getNameCount());
        } catch (IllegalArgumentException e) {
            throw new IOException("not a possible path here: " + e.getMessage(), e);
        }
    }

    private static boolean namesAreBytes(FileSystem fileSystem) {
        return fileSystem.equals(FileSystems.getDefault())
                && fileSystem.supportedFileAttributeViews().contains("posix");
    }

    private static byte[] encoded(String text) throws CharacterCodingException {
        ByteBuffer buffer = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static String decoded(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static byte[] decodePercents(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                out.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }

    private static String encodePercents(byte[] bytes) {
        StringBuilder out = new StringBuilder(bytes.length * 3);
        for (byte b : bytes) {
            if (b == '/') {
                out.append('/');
            } else {
                out.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        return out.toString();
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}
