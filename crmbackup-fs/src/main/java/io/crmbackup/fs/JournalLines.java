package io.crmbackup.fs;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a journal's whole lines say; a torn one says nothing.
 *
 * @param file the journal
 * @param restores which restore it is; null if that was not yet written, and so nothing else was
 * @param writing the directory in which a temporary file may lie, null if there is none
 * @param asides what was moved out of the way and is still there
 */
record JournalLines(
        Path file, @Nullable String restores, @Nullable Path writing, List<Aside> asides) {
    private static final String RESTORES = "restores ";
    private static final String WRITING = "in ";
    private static final String ASIDE = "aside ";
    private static final String END = " .";
    private static final int LONGEST = 64 << 10;
    private static final int MOST_ASIDES = 100_000;

    /**
     * What was moved out of the way.
     *
     * @param path where it is now
     * @param original where it was
     */
    record Aside(Path path, Path original) {}

    static String restores(String restore) {
        return RESTORES + restore + END + "\n";
    }

    static String writing(Path root, Path directory) throws IOException {
        return WRITING + hex(root, directory) + END + "\n";
    }

    static String aside(Path root, Aside aside) throws IOException {
        return ASIDE + hex(root, aside.path()) + " " + hex(root, aside.original()) + END + "\n";
    }

    private static String hex(Path root, Path path) throws IOException {
        return path.equals(root) ? "" : HexFormat.of().formatHex(RawNames.bytes(root.relativize(path)));
    }

    static JournalLines read(Path root, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            return read(root, file, channel);
        }
    }

    /** The same through the channel that holds the lock, at its end then: to open and close another one would free the lock on POSIX systems. */
    static JournalLines read(Path root, Path file, FileChannel channel) throws IOException {
        String restores = null;
        Path writing = null;
        List<Aside> asides = new ArrayList<>();
        BufferedReader in = new BufferedReader(Channels.newReader(channel.position(0), StandardCharsets.ISO_8859_1));
        for (String line = next(in); line != null; line = next(in)) {
            String text = line.endsWith(END) ? line.substring(0, line.length() - END.length()) : "";
            if (text.startsWith(RESTORES)) {
                restores = text.substring(RESTORES.length());
            } else if (text.startsWith(WRITING)) {
                writing = path(root, text.substring(WRITING.length()));
            } else if (text.startsWith(ASIDE)) {
                Aside aside = aside(root, text.substring(ASIDE.length()).split(" ", -1));
                if (aside != null
                        && isNamedAfter(file, aside.path())
                        && Files.exists(aside.path(), LinkOption.NOFOLLOW_LINKS)) {
                    asides.add(aside);
                }
            }
            if (asides.size() > MOST_ASIDES) {
                throw new FileSystemException(file.toString(), null, "more was moved out of the way than can be");
            }
        }
        return new JournalLines(file, restores, writing, List.copyOf(asides));
    }

    private static @Nullable Aside aside(Path root, String[] places) throws IOException {
        Path path = path(root, places[0]);
        Path original = path(root, places[places.length - 1]);
        return path == null || original == null ? null : new Aside(path, original);
    }

    private static @Nullable String next(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) >= 0) {
            if (c == '\n') {
                return line.toString();
            }
            if (line.length() < LONGEST) {
                line.append((char) c);
            }
        }
        return null;
    }

    /** Whether only this journal's restore gives such names. */
    static boolean isNamedAfter(Path journal, Path path) {
        return String.valueOf(path.getFileName()).startsWith(journal.getFileName() + "-");
    }

    /** The path that a line names; null if its directory is not there any more, or it would lead out of the tree or through a link. */
    private static @Nullable Path path(Path root, String hex) throws IOException {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (bytes.length == 0) {
            return root;
        }
        Path relative = RawNames.path(root.getFileSystem(), bytes);
        Path path = root;
        for (Path name : relative) {
            if (relative.isAbsolute()
                    || NameRules.POSIX.objection(RawNames.bytes(name)) != null
                    || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            path = path.resolve(name);
        }
        return path;
    }
}
