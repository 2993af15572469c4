package io.crmbackup.jdbc;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.testservers.TestDatabase;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What MariaDB's own program says of a database; tests that ask it are skipped where it is not installed. */
final class MariaDbDump {
    private MariaDbDump() {}

    static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "mariadb-dump")));
    }

    /** The whole schema, without what is different from one run to the next, and from one database to another. */
    static String schema(TestDatabase database) throws Exception {
        assumeTrue(isInstalled(), "mariadb-dump is not installed");
        Process process = new ProcessBuilder(
                        "mariadb-dump",
                        "--no-defaults",
                        "--protocol=tcp",
                        "--host=127.0.0.1",
                        "--port=" + database.port(),
                        "--user=" + database.user(),
                        "--no-data",
                        "--routines",
                        "--triggers",
                        "--events",
                        "--force",
                        database.name())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.lines()
                .filter(line -> !line.startsWith("-- Host:") && !line.startsWith("-- Dump completed"))
                .map(line -> line.replace("`" + database.name() + "`", "`self`")
                        .replace("'" + database.name() + "'", "'self'"))
                .collect(Collectors.joining("\n"));
    }
}
