package io.crmbackup.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One file for each collection. Files are written under names that end with {@code .part}, and get their own only when all are whole and on disk; what is there is
 * never replaced.
 */
final class DirectoryOutput implements Output {
    private static final String UNFINISHED = ".part";

    /** No collection's file has such a name: in them, two digits follow a %. */
    private static final String FIRST = "%first.";

    private static final String LAST = "%last.";
    private static final int LONGEST_NAME = 150;

    private final Path directory;
    private final Map<Path, Path> written = new LinkedHashMap<>();

    DirectoryOutput(Path directory) {
        this.directory = directory;
    }

    /**
     * A file's name that can't leave the directory, be hidden, or mean a device: letters, digits, dots inside, hyphens and underscores are themselves, any other byte
     * is % and two digits.
     */
    static String fileName(String collection, String extension) {
        StringBuilder name = new StringBuilder();
        for (byte b : collection.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '_'
                    || c == '-'
                    || c == '.' && name.length() > 0;
            name.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02x", (int) c));
        }
        String base = name.toString();
        if (base.matches("(?i)(con|prn|aux|nul|com\\d|lpt\\d)(\\..*)?")) {
            base = "%" + base;
        }
        return (base.length() <= LONGEST_NAME
                        ? base
                        : base.substring(0, LONGEST_NAME) + "%" + Integer.toHexString(base.hashCode()))
                + "." + extension;
    }

    @Override
    public List<String> blockers(List<String> collections, RecordFormat format) {
        if (!Files.isDirectory(directory)) {
            return List.of("there is no directory " + directory);
        }
        List<String> blockers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<String> files = new ArrayList<>();
        format.frame().ifPresent(frame -> {
            files.add(FIRST + format.extension());
            files.add(LAST + format.extension());
        });
        collections.forEach(collection -> files.add(fileName(collection, format.extension())));
        for (String name : files) {
            if (!names.add(name.toLowerCase(Locale.ROOT))) {
                blockers.add("two tables would have the file " + name);
            }
            for (String file : List.of(name, name + UNFINISHED)) {
                if (Files.exists(directory.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
                    blockers.add("there is a file " + file + " already");
                }
            }
        }
        return blockers;
    }

    @Override
    public OutputStream open(String collection, RecordFormat format) throws IOException {
        return openFile(fileName(collection, format.extension()), format);
    }

    @Override
    public OutputStream openFirst(RecordFormat format) throws IOException {
        return openFile(FIRST + format.extension(), format);
    }

    @Override
    public OutputStream openLast(RecordFormat format) throws IOException {
        return openFile(LAST + format.extension(), format);
    }

    private OutputStream openFile(String name, RecordFormat format) throws IOException {
        Path end = directory.resolve(name);
        Path part = directory.resolve(end.getFileName() + UNFINISHED);
        FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        written.put(part, end);
        OutputStream file = new FilterOutputStream(Channels.newOutputStream(channel)) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                try (channel) {
                    if (channel.isOpen()) {
                        channel.force(true);
                    }
                }
            }
        };
        try {
            format.beginFile(file);
            return file;
        } catch (IOException e) {
            try (file) {
                throw e;
            }
        }
    }

    @Override
    public void finish() throws IOException {
        for (Path end : written.values()) {
            if (Files.exists(end, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(end.toString());
            }
        }
        for (Map.Entry<Path, Path> file : written.entrySet()) {
            Files.move(file.getKey(), file.getValue(), StandardCopyOption.ATOMIC_MOVE);
        }
        written.clear();
    }

    /** What did not become whole goes. */
    @Override
    public void close() throws IOException {
        for (Path part : written.keySet()) {
            Files.deleteIfExists(part);
        }
        written.clear();
    }
}
