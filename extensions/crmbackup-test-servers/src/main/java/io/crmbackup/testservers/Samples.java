package io.crmbackup.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Databases to back up. Each call gives a database of its own, free to be changed; PostgreSQL's are copies of one that is loaded once.
 *
 * <p>The small CRM is always there. The others lie outside the project, in the folder that the system property or environment variable
 * {@code crmbackup.samples} names; without it they throw {@link Unavailable}.
 */
public final class Samples {
    private Samples() {}

    /** A CRM of some thousand rows with all the awkward names, types and values that PostgreSQL 14 and later have. */
    public static TestDatabase smallCrm(PostgresServer server) {
        return server.copyOf("small crm", database -> psql(database, own("small-crm-postgres.sql"), Map.of()));
    }

    /** One of every kind of object that PostgreSQL 14 and later have, with some rows. Makes two roles without login. */
    public static TestDatabase wholeSchema(PostgresServer server) {
        return server.copyOf("whole schema", database -> psql(database, own("whole-schema-postgres.sql"), Map.of()));
    }

    /** A CRM of some thousand rows with all the awkward names, types and values of MariaDB, or those of them that MySQL has. */
    public static TestDatabase smallCrm(MariaDbServer server) {
        TestDatabase database = server.newDatabase();
        mysql(database, own("small-crm-mariadb.sql"));
        return database;
    }

    /** A DVD rental: 46,273 rows in 21 tables with enums, domains, partitions by inheritance, triggers and a cycle of foreign keys. */
    public static TestDatabase sakila(PostgresServer server) {
        String schema = read("data/sakila-postgres/schema.sql");
        String rows = read("data/sakila-postgres/data-copy.sql");
        return server.copyOf("sakila", database -> {
            psql(database, schema, Map.of());
            psql(database, rows, Map.of());
        });
    }

    /** A music shop: 15,607 rows in 11 tables, the same in each product. */
    public static TestDatabase chinook(PostgresServer server) {
        String script = after("\\c chinook_serial;", read("data/chinook/Chinook_PostgreSql_SerialPKs.sql"));
        return server.copyOf("chinook", database -> psql(database, script, Map.of()));
    }

    /** The same in MariaDB. */
    public static TestDatabase chinook(MariaDbServer server) {
        String script = after("USE `Chinook_AutoIncrement`;", read("data/chinook/Chinook_MySql_AutoIncrementPKs.sql"));
        TestDatabase database = server.newDatabase();
        mysql(database, script);
        return database;
    }

    /**
     * The same in SQLite.
     *
     * @param directory gets the file {@code chinook.sqlite}
     */
    public static TestDatabase chinook(Path directory) {
        Path sample = file("data/chinook/Chinook_Sqlite.sqlite");
        Path copy = directory.resolve("chinook.sqlite");
        try (InputStream in = Files.newInputStream(sample)) {
            // Not a copy of the file's attributes: it may be read-only.
            Files.copy(in, copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TestDatabase(copy.toString(), 0, "jdbc:sqlite:" + copy, "");
    }

    /** CiviCRM 4.2 with demonstration data: 148 tables, 238 foreign keys. */
    public static TestDatabase civicrm(MariaDbServer server) {
        String schema = read("data/civicrm-mysql/schema.sql");
        String rows = read("data/civicrm-mysql/data.sql");
        TestDatabase database = server.newDatabase();
        mysql(database, "SET foreign_key_checks = 0;" + schema);
        mysql(database, "SET foreign_key_checks = 0;" + rows);
        return database;
    }

    /** Dolibarr 3.5 with demonstration data: 206 tables, some of them MyISAM, some without key, latin1 and utf8. */
    public static TestDatabase dolibarr(MariaDbServer server) {
        String dump = read("data/dolibarr-mysql/dump.sql");
        TestDatabase database = server.newDatabase();
        mysql(database, dump);
        return database;
    }

    /** The attachments of {@link #dolibarr}, in folders named like rows. Not to be changed. */
    public static Path dolibarrDocuments() {
        return file("data/dolibarr-mysql/documents");
    }

    /**
     * A CRM in the schema {@code crm}, the same rows on every machine.
     *
     * @param scale 1 is 10,000 accounts with 500,000 activities: 300 MB, some minutes to load
     */
    public static TestDatabase generatedCrm(PostgresServer server, int scale) {
        String script = read("workloads/crm-postgres.sql");
        return server.copyOf(
                "crm " + scale, database -> psql(database, script, Map.of("scale", Integer.toString(scale))));
    }

    /** The same with a hundredth of the rows. */
    public static TestDatabase generatedCrm(PostgresServer server) {
        String script = read("workloads/crm-postgres.sql").replace("0000 * :scale", "00 * :scale");
        return server.copyOf("crm, a hundredth", database -> psql(database, script, Map.of("scale", "1")));
    }

    /**
     * Plays one day's work on the database of {@link #generatedCrm}.
     *
     * @param day from 1 on: each day changes other rows
     */
    public static void workingDay(TestDatabase database, int day) {
        psql(database, read("workloads/crm-postgres-day.sql"), Map.of("day", Integer.toString(day)));
    }

    private static void psql(TestDatabase database, String script, Map<String, String> variables) {
        try (Connection connection = database.getConnection()) {
            new PsqlScript(variables).run(script, connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Sample data don't load", e);
        }
    }

    private static void mysql(TestDatabase database, String script) {
        try (Connection connection = database.getConnection()) {
            MySqlScript.run(script, connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Sample data don't load", e);
        }
    }

    private static String after(String line, String script) {
        return script.substring(script.indexOf(line) + line.length());
    }

    private static Path file(String name) {
        String folder = Settings.value("crmbackup.samples")
                .orElseThrow(() -> Unavailable.because("The sample " + name + " needs "
                        + Settings.hint("crmbackup.samples", "the folder where it is")));
        Path file = Path.of(folder).resolve(name);
        if (!Files.exists(file)) {
            throw Unavailable.because("No " + file);
        }
        return file;
    }

    private static String read(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String own(String name) {
        try (@Nullable InputStream in = Samples.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("No resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
