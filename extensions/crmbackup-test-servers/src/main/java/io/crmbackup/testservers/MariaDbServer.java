package io.crmbackup.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A MariaDB or MySQL server on 127.0.0.1: user {@code root} without password, row-based binary log. All else is as the product has it,
 * the character sets too, but that it has less memory and, unless the options say otherwise, does without fsync and TLS. Safe for use by several threads.
 */
public final class MariaDbServer implements AutoCloseable {
    /** Options of a server that keeps what it committed, as in production. */
    public static final List<String> DURABLE =
            List.of("--innodb-flush-method=fsync", "--innodb-flush-log-at-trx-commit=1", "--sync-binlog=1");

    private static final int START_SECONDS = 120;

    private final MariaDbBinaries binaries;
    private final ServerDirectory directory;
    private final int port;
    private final Process process;
    private final AtomicInteger databases = new AtomicInteger();

    private MariaDbServer(MariaDbBinaries binaries, ServerDirectory directory, int port, Process process) {
        this.binaries = binaries;
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    private static final class Shared {
        static final MariaDbServer SERVER = start(MariaDbBinaries.bundled(), List.of());
    }

    /**
     * The server of this JVM, of the bundled version, which stops with it; don't close it.
     *
     * @throws Unavailable if there are no binaries for this platform
     */
    public static MariaDbServer shared() {
        MariaDbBinaries.bundled();
        return Shared.SERVER;
    }

    /**
     * Starts a server of one's own.
     *
     * @param options of the server's command line, which win over those that it has anyway
     */
    public static MariaDbServer start(MariaDbBinaries binaries, List<String> options) {
        ServerDirectory directory = ServerDirectory.create();
        try {
            Files.createDirectories(directory.data().resolve("mysql"));
            // What can't be changed any more when its files are there.
            install(
                    binaries,
                    directory,
                    options.stream()
                            .filter(option -> option.startsWith("--innodb-page-size="))
                            .toList());
            MariaDbServer server = run(binaries, directory, options);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-mariadb"));
            server.awaitConnections();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(binaries + " does not start in " + directory.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static void install(MariaDbBinaries binaries, ServerDirectory directory, List<String> options)
            throws IOException, InterruptedException {
        Path script = Files.write(directory.path().resolve("bootstrap.sql"), binaries.bootstrap());
        List<String> arguments = new ArrayList<>(common(directory));
        arguments.addAll(options);
        arguments.add("--bootstrap");
        Process install = binaries.command(arguments)
                .redirectInput(script.toFile())
                .redirectOutput(log(directory).toFile())
                .start();
        directory.tell(install.toHandle());
        if (install.waitFor() != 0) {
            throw new IOException("Installation failed:\n" + Files.readString(log(directory)));
        }
    }

    private static MariaDbServer run(MariaDbBinaries binaries, ServerDirectory directory, List<String> options)
            throws IOException {
        int port = freePort();
        List<String> arguments = new ArrayList<>(common(directory));
        arguments.addAll(List.of(
                "--bind-address=127.0.0.1",
                "--port=" + port,
                // Below the data directory: paths of sockets are short.
                "--socket=s",
                "--pid-file=pid",
                "--skip-name-resolve",
                // It would make a key for each server: seconds.
                "--skip-ssl",
                "--server-id=1",
                "--report-host=" + directory.name(),
                "--log-bin=bin",
                "--binlog-format=ROW",
                "--loose-binlog-row-metadata=FULL",
                "--innodb-flush-log-at-trx-commit=2",
                "--sync-binlog=0"));
        arguments.addAll(options);
        Process process = binaries.command(arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(directory).toFile()))
                .start();
        directory.tell(process.toHandle());
        return new MariaDbServer(binaries, directory, port, process);
    }

    private static List<String> common(ServerDirectory directory) {
        return List.of(
                "--no-defaults",
                "--datadir=" + directory.data(),
                // A server that starts deletes what others have there.
                "--tmpdir=" + directory.path(),
                "--innodb-buffer-pool-size=64M",
                "--innodb-log-file-size=48M",
                "--innodb-flush-method=nosync",
                "--performance-schema=OFF");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Path log(ServerDirectory directory) {
        return directory.path().resolve("server.log");
    }

    private void awaitConnections() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers()) {
            if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() - end > 0) {
                throw new IOException("No connection:\n" + Files.readString(log(directory)));
            }
        }
    }

    /** Another server may have taken the port before this one did. */
    private boolean answers() {
        try {
            return database("mysql").number("SELECT @@report_host = '" + directory.name() + "'") == 1;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Which programs it runs. */
    public MariaDbBinaries binaries() {
        return binaries;
    }

    /** Where the server listens on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Where the server's data lies. */
    public Path data() {
        return directory.data();
    }

    /** A new database with nothing in it, by MariaDB's driver. */
    public TestDatabase newDatabase() {
        String name = "d" + databases.incrementAndGet();
        try {
            database("mysql").execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No new database", e);
        }
        return database(name);
    }

    /** A database that is there already, by MariaDB's driver. */
    public TestDatabase database(String name) {
        return new TestDatabase(name, port, "jdbc:mariadb://127.0.0.1:" + port + "/" + name, "root");
    }

    /** The same database of this server by MySQL's driver, Connector/J. */
    public TestDatabase byConnectorJ(TestDatabase database) {
        return database.at("jdbc:mysql://127.0.0.1:" + port + "/" + database.name() + "?sslMode=DISABLED");
    }

    /** Stops the server and deletes its data. */
    @Override
    public void close() {
        ServerDirectory.stop(process.toHandle());
        directory.delete();
    }
}
