package io.crmbackup.jdbc;

import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is different from one database product to the next. Stateless. */
abstract class Dialect {
    /** The table that stands in a database as long as a restore into it is not finished. */
    static final String MARKER = "CRMBACKUP_UNFINISHED_RESTORE";

    /** Notices if a table was changed in a way that the view doesn't cover. */
    @FunctionalInterface
    interface TableWatch {
        /** Called after the last row, with their number; fails if they may not be those of the view. */
        void check(long rows) throws IOException, SQLException;
    }

    /** The product's name, as its driver gives it. */
    abstract String product();

    /** Why a backup with these attributes can't be restored into such a database, or empty if it is one of the same product. */
    final Optional<String> otherProduct(Map<String, String> attributes) {
        String other = attributes.getOrDefault("product", "another kind of system");
        return other.equals(product())
                ? Optional.empty()
                : Optional.of("the backup is one of " + other + ", the database is " + product());
    }

    /** The schema whose tables are named without it. */
    abstract String defaultSchema();

    /** What the view is, how it blocks others, and other facts, by name. */
    abstract Map<String, String> description(Connection connection) throws SQLException;

    /** What changes when tables are redefined. Reading it doesn't end a view. */
    abstract List<String> state(Connection connection) throws SQLException;

    /** What the database consists of now. Reading it may end a view. */
    abstract Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException;

    /** Statements that set counters past the data, not before the view that is open. */
    abstract List<String> positions(Connection connection, Catalog catalog) throws SQLException;

    /** Opens a view of one moment: a transaction, which is the view until it ends. */
    abstract void openView(Connection connection) throws SQLException;

    /** Begins to watch a table that is in the view. */
    abstract TableWatch watch(Connection connection, Table table) throws IOException, SQLException;

    /** How values of a field are read and written. */
    abstract ValueFormat format(Field field);

    /** What follows a table's name and columns in an INSERT, before VALUES. */
    abstract String overriding();

    /** Whether a table's definition and rows can be undone together. */
    abstract boolean rollsBackDefinitions();

    /**
     * Statements that set back what this dialect sets for a connection, as it is now; besides automatic commits and isolation. They are
     * executed with automatic commits on.
     */
    abstract List<String> session(Connection connection) throws SQLException;

    /** Prepares a connection, which has automatic commits on, for a restore of a whole database. */
    abstract void prepareRestore(Connection connection, Map<String, String> attributes)
            throws IOException, SQLException;

    /** Prepares a connection, which has automatic commits on, for rows that are put back. */
    abstract void prepareMerge(Connection connection) throws SQLException;

    /** The form of a foreign key's statement that checks the rows that are there; equal if it always does. */
    abstract String checked(SchemaStatement foreignKey);

    /** Tables with rows that refer to none, in words. */
    abstract List<String> brokenReferences(Connection connection) throws SQLException;

    /** Whether references may be broken until the commit. */
    abstract boolean canDeferReferences();

    /** Lets references be broken until the commit of the transaction, if the database can. */
    abstract void deferReferences(Connection connection) throws SQLException;

    /** A name such that two names of the same thing are equal. */
    String sameName(String name) {
        return name;
    }

    /** A name in quotes. */
    final String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    final String quote(TableName name) {
        return quote(name.schema()) + "." + quote(name.table());
    }

    /** A SELECT of a table's fields. */
    final String select(Table table) {
        List<String> columns = new ArrayList<>();
        for (Field field : table.schema().fields()) {
            columns.add(format(field).selection(quote(field.name())));
        }
        String sql =
                "SELECT " + (columns.isEmpty() ? "1" : String.join(", ", columns)) + " FROM " + quote(table.name());
        return switch (table.order()) {
            case UNSORTED -> sql;
            case BY_KEY -> sql + " ORDER BY " + quote(table.schema().key().get(0));
        };
    }

    /** An INSERT of a table's fields. */
    final String insert(TableName table, List<Field> fields) {
        if (fields.isEmpty()) {
            return "INSERT INTO " + quote(table) + " DEFAULT VALUES";
        }
        return "INSERT INTO " + quote(table) + " ("
                + String.join(", ", fields.stream().map(f -> quote(f.name())).toList()) + ")" + overriding()
                + " VALUES ("
                + String.join(
                        ", ", fields.stream().map(f -> format(f).placeholder()).toList()) + ")";
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                result.add(rows.getString(1));
            }
        }
        return result;
    }

    /** A value as bytes in memory, for databases that take no streams and for keys. */
    static byte[] wholeValue(FieldValue value) throws IOException {
        if (!value.isContent()) {
            return value.bytes();
        }
        try (var in = value.open()) {
            return in.readAllBytes();
        }
    }
}
