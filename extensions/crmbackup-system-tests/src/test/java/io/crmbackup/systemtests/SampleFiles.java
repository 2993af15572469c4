package io.crmbackup.systemtests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory with all that a directory may hold. */
final class SampleFiles {
    private final Path root;
    private final Random random;
    private int edits;

    SampleFiles(Path root, Random random) throws IOException {
        this.root = root;
        this.random = random;
        fill();
    }

    Path root() {
        return root;
    }

    private void fill() throws IOException {
        write(root.resolve("empty"), 0);
        write(root.resolve("one"), 1);
        write(root.resolve("large"), 3_000_000);
        Files.write(root.resolve("zeros"), new byte[2_000_000]);
        Path folder = Files.createDirectory(root.resolve("folder"));
        Files.createDirectory(folder.resolve("without files"));
        for (int i = 0; i < 400; i++) {
            write(folder.resolve("file " + i), random.nextInt(300));
        }
        // Keys of more than 1,024 bytes, and on both sides of that.
        Path deep = root;
        for (int i = 0; i < 15; i++) {
            deep = Files.createDirectory(deep.resolve((char) ('a' + i) + "x".repeat(99)));
            write(deep.resolve("below"), 10 + i);
            write(deep.resolve("~above"), 20 + i);
            Files.createDirectory(deep.resolve("0"));
        }
        write(raw("name-%FF%FE"), 50);
        Files.createDirectory(raw("%C0directory"));
        write(raw("%C0directory/%E2%82%AC"), 60);
        Files.createLink(root.resolve("again"), folder.resolve("file 2"));
        Files.createLink(deep.resolve("again"), folder.resolve("file 2"));
        Files.createLink(root.resolve("folder again"), deep.resolve("below"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("folder/file 1"));
        Files.createSymbolicLink(root.resolve("link up"), Path.of("../elsewhere"));
        Files.createSymbolicLink(root.resolve("link away"), Path.of("/nowhere/at/all"));
        Path locked = root.resolve("one");
        Files.setAttribute(locked, "unix:mode", 0440);
        Files.setAttribute(folder.resolve("without files"), "unix:mode", 0550);
        Files.setLastModifiedTime(locked, FileTime.from(Instant.parse("1999-12-31T23:59:59.123456789Z")));
    }

    /** Adds, changes, renames and removes. */
    void edit() throws IOException {
        edits++;
        Path folder = root.resolve("folder");
        byte[] large = Files.readAllBytes(root.resolve("large"));
        large[random.nextInt(large.length)]++;
        Files.write(root.resolve("large"), large);
        write(folder.resolve("new " + edits), 100_000);
        write(folder.resolve("file 3"), 100 + edits);
        Files.delete(folder.resolve("file " + (10 + edits)));
        Files.move(folder.resolve("file " + (100 + edits)), folder.resolve("moved " + edits));
    }

    private void write(Path file, int length) throws IOException {
        byte[] content = new byte[length];
        random.nextBytes(content);
        Files.write(file, content);
    }

    private Path raw(String percents) {
        return Path.of(URI.create(root.toUri() + percents));
    }

    /** All that is to be found again, by path. */
    static Map<String, String> describe(Path root) throws IOException {
        List<Path> paths;
        try (Stream<Path> found = Files.walk(root)) {
            paths = found.filter(path -> !path.equals(root)).toList();
        }
        Map<String, String> result = new TreeMap<>();
        for (Path path : paths) {
            String name = path.toUri()
                    .getRawPath()
                    .substring(root.toUri().getRawPath().length());
            result.put(name, describeOne(path));
        }
        return result;
    }

    private static String describeOne(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "link to " + Files.readSymbolicLink(path);
        }
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:mode,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        String content = Files.isDirectory(path) ? "directory" : sha256(Files.readAllBytes(path));
        return content + " " + Integer.toOctalString((Integer) attributes.get("mode")) + " "
                + attributes.get("lastModifiedTime");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
