package io.crmbackup.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opentest4j.TestAbortedException;

/** What {@code pg_dump} says of a database, in a form in which equal databases are equal texts. Needs the program, of the server's version or a newer one. */
public final class PostgresDump {
    private static final String END_OF_COPY = "\\.";

    private PostgresDump() {}

    /** Whether the program is here, and knows the version of the database's server. */
    public static boolean knows(TestDatabase database) throws SQLException {
        long server = database.number("SELECT current_setting('server_version_num')::int / 10000");
        try {
            Process process = new ProcessBuilder("pg_dump", "--version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher major = Pattern.compile("pg_dump \\(PostgreSQL\\) (\\d{1,4}).*", Pattern.DOTALL)
                    .matcher(version);
            return major.matches() && Integer.parseInt(major.group(1)) >= server;
        } catch (IOException e) {
            return false;
        }
    }

    /** The statements of the schema. */
    public static String schema(TestDatabase database) {
        return String.join("\n", lines(database, "--schema-only"));
    }

    /** The rows, those of each table sorted, and the positions of sequences. */
    public static String rows(TestDatabase database) {
        List<String> lines = lines(database, "--data-only");
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("COPY ") && lines.get(i).endsWith(" FROM stdin;")) {
                int end = i + lines.subList(i, lines.size()).indexOf(END_OF_COPY);
                Collections.sort(lines.subList(i + 1, end));
                i = end;
            }
        }
        return String.join("\n", lines);
    }

    private static List<String> lines(TestDatabase database, String what) {
        Path output;
        Path errors;
        int exit;
        try {
            output = Files.createTempFile("dump", ".sql");
            errors = Files.createTempFile("dump", ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            exit = new ProcessBuilder(
                            "pg_dump",
                            what,
                            "--no-password",
                            "--host=127.0.0.1",
                            "--port=" + database.port(),
                            "--username=" + database.user(),
                            database.name())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start()
                    .waitFor();
            String failure = Files.readString(errors, StandardCharsets.UTF_8);
            if (exit != 0 && failure.contains("server version mismatch")) {
                throw new TestAbortedException("pg_dump is older than the server: " + failure);
            } else if (exit != 0) {
                throw new IllegalStateException("pg_dump failed: " + failure);
            }
            List<String> lines = new ArrayList<>(Arrays.asList(
                    Files.readString(output, StandardCharsets.UTF_8).split("\n", -1)));
            // A new random word each time.
            lines.removeIf(line -> line.startsWith("\\restrict ") || line.startsWith("\\unrestrict "));
            return lines;
        } catch (IOException e) {
            throw new TestAbortedException("pg_dump can't be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while pg_dump ran", e);
        } finally {
            delete(output);
            delete(errors);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
