package io.crmbackup.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory tree to test with, and what can be seen of one. */
final class DirectoryTree {
    private DirectoryTree() {}

    static void fill(Path root) throws IOException {
        Files.createDirectories(root.resolve("a/b"));
        Files.createDirectories(root.resolve("empty"));
        Files.write(root.resolve("a/large"), new byte[300_000]);
        Files.writeString(root.resolve("a/b/text"), "hello");
        Files.writeString(root.resolve("a.txt"), "sorts after the directory and what is in it");
        Files.createFile(root.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("link"), Path.of("a/b/text"));
    }

    /** Paths with kind, modification time and content. */
    static Map<String, String> state(Path root) throws IOException {
        Map<String, String> state = new TreeMap<>();
        if (!Files.exists(root)) {
            return state;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path one : (Iterable<Path>) all::iterator) {
                String path = root.relativize(one).toString();
                String time = Files.getLastModifiedTime(one, LinkOption.NOFOLLOW_LINKS)
                        .toString();
                if (Files.isSymbolicLink(one)) {
                    state.put(path, "-> " + Files.readSymbolicLink(one));
                } else if (Files.isDirectory(one)) {
                    state.put(path, "directory");
                } else {
                    state.put(path, time + " " + Arrays.hashCode(Files.readAllBytes(one)));
                }
            }
        }
        return state;
    }
}
