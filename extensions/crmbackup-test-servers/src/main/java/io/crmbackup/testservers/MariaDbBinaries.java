package io.crmbackup.testservers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of MariaDB or MySQL: which of them a {@link MariaDbServer} runs. */
public final class MariaDbBinaries {
    /** What {@code mariadb-install-db} runs too, less help and sys views, by the names of the products and versions. */
    private static final List<String> SYSTEM_TABLES =
            List.of("system_tables.sql", "performance_tables.sql", "system_tables_data.sql");

    private final Path server;
    private final Path base;
    private final Path share;

    private MariaDbBinaries(Path server, Path base, Path share) {
        this.server = server;
        this.base = base;
        this.share = share;
    }

    /**
     * MariaDB 11.4 from the class path, unpacked once for the whole project.
     *
     * @throws Unavailable if there is none for this platform
     */
    public static MariaDbBinaries bundled() {
        Path bundle = unpacked();
        return runnable(new MariaDbBinaries(bundle.resolve("bin/mariadbd"), bundle, bundle.resolve("share")));
    }

    private static synchronized Path unpacked() {
        try {
            return Bundle.unpacked();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The MariaDB that is installed on this machine.
     *
     * @throws Unavailable if there is none
     */
    public static MariaDbBinaries ofSystem() {
        return Stream.of("/usr/sbin/mariadbd", "/usr/local/sbin/mariadbd", "/usr/libexec/mariadbd")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .map(MariaDbBinaries::at)
                .orElseThrow(() -> Unavailable.because("No MariaDB is installed on this machine"));
    }

    /**
     * MySQL: the program that the system property or, in capitals with an underscore, environment variable {@code crmbackup.mysqld} names.
     *
     * @throws Unavailable if it names none
     */
    public static MariaDbBinaries mysql() {
        String file = Settings.value("crmbackup.mysqld")
                .orElseThrow(() -> Unavailable.because(
                        "MySQL needs " + Settings.hint("crmbackup.mysqld", "the path of a mysqld")));
        return at(Path.of(file));
    }

    /**
     * Another server.
     *
     * @param server the program {@code mariadbd} or {@code mysqld}, installed or unpacked with its share directory
     * @throws Unavailable if it does not run on this machine
     */
    public static MariaDbBinaries at(Path server) {
        Path program = server.toAbsolutePath();
        for (String up : List.of("..", "../..")) {
            Path base = program.resolve(up).normalize();
            for (String share : List.of("share", "share/mysql", "share/mariadb")) {
                if (!scripts(base.resolve(share)).isEmpty()) {
                    return runnable(new MariaDbBinaries(program, base, base.resolve(share)));
                }
            }
        }
        throw new IllegalArgumentException("No share directory with system_tables.sql near " + server);
    }

    private static MariaDbBinaries runnable(MariaDbBinaries binaries) {
        try {
            Process process =
                    binaries.program(List.of("--no-defaults", "--version")).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw Unavailable.because(binaries.server + " does not run here: " + output.strip());
            }
            return binaries;
        } catch (IOException e) {
            throw Unavailable.because(binaries.server + " does not run here: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    /** The program that dumps databases, if it lies with the server or is installed. */
    public Optional<Path> dump() {
        return Stream.of(base.resolve("bin/mariadb-dump"), Path.of("/usr/bin/mariadb-dump"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Runs the server's program: options, with what it needs to find its own files and to run as root. */
    ProcessBuilder command(List<String> options) {
        List<String> all = new ArrayList<>(options);
        all.add("--basedir=" + base);
        all.add("--lc-messages-dir=" + share);
        if (System.getProperty("user.name").equals("root")) {
            all.add("--user=root");
        }
        return program(all);
    }

    private ProcessBuilder program(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(server.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The server's own copies of system libraries lie next to it.
        String libraries = server.resolveSibling("") + ":" + base.resolve("libs");
        builder.environment().merge("LD_LIBRARY_PATH", libraries, (there, ours) -> ours + ":" + there);
        return builder;
    }

    /** The script that makes an empty directory a server's data; root may connect without a password. */
    byte[] bootstrap() throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        script.writeBytes("create database if not exists mysql;\nuse mysql;\nset @auth_root_socket=NULL;\n"
                .getBytes(StandardCharsets.UTF_8));
        for (Path file : scripts(share)) {
            script.write(Files.readAllBytes(file));
            script.write('\n');
        }
        return script.toByteArray();
    }

    private static List<Path> scripts(Path share) {
        List<Path> scripts = new ArrayList<>();
        for (String name : SYSTEM_TABLES) {
            Stream.of("mariadb_", "mysql_")
                    .map(product -> share.resolve(product + name))
                    .filter(Files::exists)
                    .findFirst()
                    .ifPresent(scripts::add);
        }
        return scripts;
    }

    @Override
    public String toString() {
        return server.toString();
    }
}
