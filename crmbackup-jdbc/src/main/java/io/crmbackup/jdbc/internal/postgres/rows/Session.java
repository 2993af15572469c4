package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a transaction is set to, so that the server renders and reads values the same way whatever the database, the role or a pool have set.
 * They are the settings of pg_dump, each for the one transaction only: with its end the connection is as it was.
 */
public final class Session {
    private static final String ENCODING = "client_encoding = 'UTF8'";

    /** How values look, whatever names mean. */
    private static final List<String> VALUES = List.of(
            "datestyle = 'ISO, MDY'",
            "intervalstyle = 'postgres'",
            "timezone = 'UTC'",
            "bytea_output = 'hex'",
            "extra_float_digits = 3",
            "xmloption = 'content'",
            "standard_conforming_strings = on",
            "quote_all_identifiers = off",
            // Otherwise NULL in an array is a text.
            "array_nulls = on",
            // The decimal digits of money depend on it.
            "lc_monetary = 'C'");

    /** No name without a schema means anything. */
    private static final List<String> RENDERING =
            Stream.concat(Stream.of("search_path = ''"), VALUES.stream()).toList();

    private static final List<String> READING = List.of(
            // COPY's bytes are taken as they come, whatever the driver makes of texts.
            ENCODING,
            // Otherwise constant parts of the tables' checks are computed when a query is planned, by functions of
            // users.
            "constraint_exclusion = off",
            "row_security = off",
            "synchronize_seqscans = off",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
            // Compiling a query takes longer than catalogs take to be read, and scans of tables gain nothing.
            "jit = off",
            "cursor_tuple_fraction = 1");
    private static final List<String> WRITING = List.of(
            "row_security = off",
            "statement_timeout = 0",
            "idle_in_transaction_session_timeout = 0",
            "check_function_bodies = off",
            "client_min_messages = 'warning'");

    /** A crash of the server takes the last pieces of a restore back, each with what was noted of it. */
    private static final List<String> LOADING = List.of(
            "synchronous_commit = off",
            // Compiling the check of a foreign key takes longer than it gains.
            "jit = off");

    /** Who holds a row may do so for ever, and meanwhile others would wait for what the restore has locked. */
    private static final String LIMITED_WAITING = "SELECT pg_catalog.set_config('lock_timeout', '1min', true)"
            + " WHERE pg_catalog.current_setting('lock_timeout') = '0'";

    /** Other ways to rows in the order of a key than its index. */
    private static final List<String> SORTING = List.of("enable_sort", "enable_bitmapscan");

    private static final String TIME_LIMIT = "transaction_timeout = 0";
    private static final int FIRST_WITH_TIME_LIMIT = 17;

    /** Settings that not every version has, and what they are set to: no time limit, no views in place of tables. */
    private static final List<String> OPTIONAL =
            List.of(TIME_LIMIT, "restrict_nonsystem_relation_kind = 'view, foreign-table'");

    private Session() {}

    /** The optional settings that this server has; reads, so it comes before a snapshot. */
    public static List<String> optional(Connection connection) throws SQLException {
        List<String> known = new ArrayList<>();
        for (String setting : OPTIONAL) {
            String name = setting.substring(0, setting.indexOf(' '));
            if (Dialect.strings(connection, "SELECT pg_catalog.current_setting('" + name + "', true)")
                            .get(0)
                    != null) {
                known.add(setting);
            }
        }
        return known;
    }

    /** Begins a transaction that sees one moment, as soon as its first query asks, and can't write. It takes no snapshot itself. */
    public static void beginReading(Connection connection, List<String> optional, Duration lockTimeout)
            throws SQLException {
        List<String> settings = new ArrayList<>(RENDERING);
        settings.addAll(READING);
        settings.addAll(optional);
        settings.add("lock_timeout = " + Math.max(1, Math.min(Integer.MAX_VALUE, lockTimeout.toMillis())));
        connection.setAutoCommit(false);
        Dialect.execute(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        set(connection, settings);
    }

    /** Has rows that are asked for in the order of a key read by its index. */
    static void keepOrder(Connection connection) throws SQLException {
        set(connection, SORTING.stream().map(way -> way + " = off").toList());
    }

    /** Leaves it to the server again how it finds rows. */
    static void planFreely(Connection connection) throws SQLException {
        set(connection, SORTING.stream().map(way -> way + " = DEFAULT").toList());
    }

    /** Begins a transaction that writes what was captured. */
    public static void beginWriting(Connection connection) throws SQLException {
        beginWriting(connection, RENDERING, List.of());
    }

    /**
     * Begins a transaction that writes into a database in service. Triggers and whatever else of its programs runs then was written for sessions of the
     * application: names mean there what they mean in those.
     */
    public static void beginMerging(Connection connection) throws SQLException {
        beginWriting(connection, VALUES, List.of());
        Dialect.strings(connection, LIMITED_WAITING);
    }

    /** Begins a transaction of a restore that is not finished yet; the last one has to be made durable. */
    public static void beginLoading(Connection connection) throws SQLException {
        beginWriting(connection, RENDERING, LOADING);
    }

    /** Makes the transaction that is open outlive a crash of the server, and all before it. */
    public static void makeDurable(Connection connection) throws SQLException {
        set(connection, List.of("synchronous_commit = on"));
    }

    /** What a script sets that writes what was captured. */
    public static List<String> ofScript() {
        return statements(Stream.of(List.of(ENCODING), RENDERING, WRITING).flatMap(List::stream));
    }

    /** What a script sets that writes rows alone: how they are read, but not which tables its names mean. */
    public static List<String> ofRows() {
        return statements(Stream.concat(Stream.of(ENCODING), VALUES.stream()));
    }

    private static List<String> statements(Stream<String> settings) {
        return settings.map(setting -> "SET " + setting).toList();
    }

    private static void beginWriting(Connection connection, List<String> rendering, List<String> more)
            throws SQLException {
        List<String> settings = new ArrayList<>(rendering);
        settings.addAll(WRITING);
        settings.addAll(more);
        connection.setAutoCommit(false);
        // Asked of the driver: a restore begins many transactions.
        if (connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_TIME_LIMIT) {
            settings.add(TIME_LIMIT);
        }
        set(connection, settings);
    }

    private static void set(Connection connection, List<String> settings) throws SQLException {
        // In one message: a restore begins many transactions.
        if (!settings.isEmpty()) {
            Dialect.execute(connection, "SET LOCAL " + String.join("; SET LOCAL ", settings));
        }
    }
}
