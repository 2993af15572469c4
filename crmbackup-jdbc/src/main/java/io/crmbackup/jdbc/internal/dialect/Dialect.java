package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.ClientSyntax;
import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SqlTokens;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is different from one database product to the next: how a view of it is opened, what its words are, and what a restore has to do.
 * Stateless.
 */
public abstract class Dialect {
    /** The table that stands in a database as long as a restore into it is not finished. */
    public static final String MARKER = "CRMBACKUP_UNFINISHED_RESTORE";

    /** Small: larger fetches only use more memory. */
    protected static final int FETCHED_ROWS = 500;

    /** What is said about a program goes with it: it is there only where the backup's text is trusted. */
    private static final Pattern PROGRAM_COMMENT =
            Pattern.compile("COMMENT ON (ALIAS|CONSTANT|ROUTINE|TRIGGER) .*", Pattern.DOTALL);

    /** The product's name, as its driver gives it. */
    public abstract String product();

    /** Whether a database is of this product. */
    public boolean isOf(DatabaseMetaData database) throws SQLException {
        return product().equals(database.getDatabaseProductName());
    }

    /** Why a backup with these attributes can't be restored into such a database, or empty if it is one of the same product. */
    public final Optional<String> otherProduct(Map<String, String> attributes) {
        String other = attributes.getOrDefault("product", "another kind of system");
        return other.equals(product())
                ? Optional.empty()
                : Optional.of("the backup is one of " + other + ", the database is " + product());
    }

    /** The schema whose tables are named without it. */
    public abstract String defaultSchema();

    /**
     * Opens a view of one moment, which closes the connection when it is closed itself. If it can't be opened, the connection stays with
     * the caller, as any other that was taken is given back.
     */
    public abstract DatabaseView openView(BorrowedConnection borrowed, ViewRequest request)
            throws IOException, SQLException;

    /** Undoes the transaction that is open, if there is one, and sets automatic commits on. */
    protected void endTransaction(Connection connection) throws SQLException {
        // A statement may have begun one while automatic commits were on, and drivers undo none before these are off.
        connection.setAutoCommit(false);
        connection.rollback();
        connection.setAutoCommit(true);
    }

    /** Why nothing can be restored into such a database, and what to do; empty if it can. */
    public Optional<String> refusesRestore() {
        return Optional.empty();
    }

    /**
     * How what is there is exchanged for what was captured, while others read.
     *
     * @param borrowed a connection with automatic commits on, and nothing done on it yet
     * @param attributes those of the capture
     * @param filter the tables that are exchanged
     * @return empty if the product can't do that
     */
    public Optional<Exchange> exchange(
            BorrowedConnection borrowed, Map<String, String> attributes, TableFilter filter) {
        return Optional.empty();
    }

    /** What a source and a target should have in common but need not, by name; for the preview of a restore. */
    public Map<String, String> setting(Connection connection) throws SQLException {
        return Map.of();
    }

    /** What the database consists of now. Reading it may end a view. */
    public abstract Catalog catalog(Connection connection, TableFilter filter) throws IOException, SQLException;

    /** Text that is another one whenever something was made, altered or dropped; empty if only the catalog tells. Asked with automatic commits on. */
    public Optional<String> definitions(Connection connection) throws SQLException {
        return Optional.empty();
    }

    /** Reads a statement of a backup of this product, to see what it makes and whether it is safe to execute. */
    public SchemaStatement statement(String sql) {
        return SchemaStatement.of(sql).doubtedIf(PROGRAM_COMMENT, "what it is on can run code");
    }

    /** What is executed on this connection for a statement of a backup, in order: the statement, and what it needs around it. */
    public List<String> steps(Connection connection, SchemaStatement statement) throws SQLException {
        return List.of(statement.sql());
    }

    /**
     * What of a backup this database would refuse, and what to do about it, in words.
     *
     * @param attributes those of the capture
     * @param statements that would be executed
     */
    public List<String> obstacles(
            Connection connection, Map<String, String> attributes, List<SchemaStatement> statements)
            throws SQLException {
        return List.of();
    }

    /** What these statements of a backup make otherwise in this database than it was, and why, in words. */
    public List<String> deviations(Connection connection, List<SchemaStatement> statements) throws SQLException {
        return List.of();
    }

    /** A statement without what a database may say in other words although it is the same. */
    public String comparable(String sql) {
        return sql;
    }

    /** The words of a statement of this product; empty if it can't be read with certainty. */
    public Optional<List<Token>> words(String sql) {
        return SqlTokens.of(sql);
    }

    /** How values of a field are read and written. */
    public abstract ValueFormat format(Field field);

    /** How values of a table's field are read from the rows that {@link #select(Table)} gives. */
    public ValueFormat format(Table table, Field field) {
        return format(field);
    }

    /** What follows a table's name and these columns in an INSERT, before VALUES, so that all are taken as they are given. */
    public abstract String overriding(List<Field> fields);

    /** Whether a table's definition and rows can be undone together. */
    public abstract boolean rollsBackDefinitions();

    /** What the database and its server have that a backup's statements may need and don't make, see {@link Needs}. */
    public Set<String> provides(Connection connection) throws SQLException {
        return Set.of();
    }

    /**
     * Statements that set back what this dialect sets for a connection, as it is now; besides automatic commits and isolation. They are
     * executed with automatic commits on.
     */
    public abstract List<String> session(Connection connection) throws SQLException;

    /** How programs that play scripts for this product cut them up. */
    public ClientSyntax clientSyntax() {
        return ClientSyntax.STANDARD;
    }

    /** Prepares a connection, which has automatic commits on, for a restore of a whole database. */
    public abstract void prepareRestore(Connection connection, Map<String, String> attributes)
            throws IOException, SQLException;

    /** Begins a transaction of a restore of a whole database, on a connection that was prepared for it. */
    public void beginRestoring(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    /** Makes the transaction that is open, the last one of a restore, and all before it outlive a crash of the server. */
    public void makeDurable(Connection connection) throws SQLException {}

    /** How many connections can write into the database at once without waiting for each other; what the server can bear, if it is more than one. */
    public int mostWriters() {
        return 1;
    }

    /** Whether a restore that can be undone as a whole is better committed in pieces, so that one that was cut short can go on. */
    public boolean restoresInPieces() {
        return !rollsBackDefinitions();
    }

    /** Whether primary keys are made, as other keys and indexes, when the rows are there. */
    public boolean keysFollowRows() {
        return false;
    }

    /** How a table that is to be filled is made in two steps; empty if it is made at once. */
    public Optional<LateKeys> lateKeys(SchemaStatement table) {
        return Optional.empty();
    }

    /** The most bytes of rows that are loaded in one transaction: so much is lost when a restore is cut short. */
    public long bytesInPiece() {
        return 8 << 20;
    }

    /** How rows get into a table, in words. */
    public String loading(Connection connection) throws SQLException {
        return "INSERT in batches";
    }

    /**
     * Loads rows into a table, in the transaction that is open.
     *
     * @return how many the database took
     */
    public long load(Connection connection, TableName table, List<Field> fields, LoadedRows rows)
            throws IOException, SQLException {
        try (RowWriter writer = new RowWriter(connection, this, insert(table, fields), fields)) {
            while (rows.next()) {
                writer.add(rows.values());
            }
            writer.flush();
            return writer.taken();
        }
    }

    /**
     * What a script makes of an empty database before anything that the backup's statements make.
     *
     * @param attributes those of the capture
     */
    public List<String> scriptedDatabase(Map<String, String> attributes) {
        return List.of();
    }

    /** What a script sets for its session, so that statements and rows of a backup mean what they meant. */
    public List<String> scriptedSession() {
        return List.of();
    }

    /** What a script of rows alone sets for its session, so that values mean what they meant; checks and names stay as they are. */
    public List<String> scriptedRows() {
        return List.of();
    }

    /** Prepares a connection, which has automatic commits on, for rows that are put back. */
    public void prepareMerge(Connection connection) throws SQLException {}

    /** The form of a foreign key's statement that checks the rows that are there; equal if it does, but for a key that was never checked in the source either. */
    public String checked(SchemaStatement foreignKey) {
        return foreignKey.sql();
    }

    /**
     * Tables with rows that refer to none, in words that begin with the name of the table's collection and an arrow; none of a product that lets no
     * such rows in unseen.
     */
    public List<String> brokenReferences(Connection connection) throws SQLException {
        return List.of();
    }

    /** Whether all references may be broken until the commit. */
    public boolean canDeferReferences() {
        return false;
    }

    /** Lets references be broken until the commit of the transaction, those that the database can. */
    public void deferReferences(Connection connection) throws SQLException {}

    /** A query that gives no more than its first rows. */
    public String firstRows(String query, int rows) {
        return query + " FETCH FIRST " + rows + " ROWS ONLY";
    }

    /** How a query ends whose rows stay as they are until the transaction ends; empty if nobody else writes meanwhile, or it can't be had. */
    public String lockingRows() {
        return "";
    }

    /** The unique indexes of a table, by name, in which two rows without value have the same one. */
    public Set<String> indexesOfEqualNulls(Connection connection, TableName table) throws SQLException {
        return Set.of();
    }

    /**
     * The character sets of a table's columns that don't have all characters, by column, where the database says nothing about others before it has to write them,
     * or stores something else for them without an error.
     */
    public Map<String, String> characterSets(Connection connection, Table table) throws SQLException {
        return Map.of();
    }

    /**
     * Text as a column in one of these {@linkplain #characterSets character sets} would give it back: something else for each character that it doesn't have.
     * Asked in a transaction, which goes on.
     */
    public String stored(Connection connection, String characterSet, String text) throws SQLException {
        return text;
    }

    /** The columns of a table that the database sets by itself whenever a row is changed and they are not given. */
    public List<String> selfUpdating(Connection connection, TableName table) throws SQLException {
        return List.of();
    }

    /**
     * Advances the counters that give a table's rows their keys past the rows that are there; never back. It is part of the transaction if definitions
     * {@linkplain #rollsBackDefinitions are}, otherwise it is called after it.
     */
    public void advanceCounters(Connection connection, Table table) throws SQLException {}

    /** The triggers of a table that users made, each with all that says whether it runs. */
    public List<String> triggers(Connection connection, TableName table) throws SQLException {
        return List.of();
    }

    /** How a table's triggers are off for a transaction; empty if they can't be. */
    public Optional<Switch> triggerSwitch(Connection connection, TableName table) throws SQLException {
        return Optional.empty();
    }

    /** How a reference is checked only at the end of a transaction, for one that is checked at once; empty if it can't be. */
    public Optional<Switch> referenceSwitch(TableName table, Reference reference) {
        return Optional.empty();
    }

    /** A name such that two names of the same thing are equal. */
    public String sameName(String name) {
        return name;
    }

    /** A name in quotes. */
    public String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A table's name in quotes, with its schema if it has one. */
    public final String quote(TableName name) {
        return (name.schema().isEmpty() ? "" : quote(name.schema()) + ".") + quote(name.table());
    }

    /** How a statement names a table of whose own rows it means to say something: not also of those of tables that inherit from it. */
    public String rowsOf(TableName table) {
        return quote(table);
    }

    /** How many rows a table has of its own. */
    public final long countRows(Connection connection, TableName table) throws SQLException {
        return number(connection, "SELECT COUNT(*) FROM " + rowsOf(table));
    }

    /** A SELECT of a table's fields. */
    public final String select(Table table) {
        return select(table, "");
    }

    /**
     * A SELECT of the fields of some rows of a table.
     *
     * @param condition which ones; empty for all
     */
    public final String select(Table table, String condition) {
        List<String> columns = new ArrayList<>();
        for (Field field : table.schema().fields()) {
            columns.add(format(table, field).selection(quote(field.name())));
        }
        String sql = "SELECT " + (columns.isEmpty() ? "1" : String.join(", ", columns)) + " FROM " + quote(table.name())
                + (condition.isEmpty() ? "" : " WHERE " + condition);
        return switch (table.order()) {
            case UNSORTED -> sql;
            case BY_KEY ->
                sql + " ORDER BY "
                        + String.join(
                                ", ",
                                table.schema().key().stream().map(this::quote).toList());
        };
    }

    /**
     * Executes a query whose rows come as they are fetched, without holding them all in memory. Its statement ends with {@code
     * rows.getStatement().close()}.
     */
    public ResultSet stream(Connection connection, String sql) throws SQLException {
        PreparedStatement statement =
                connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        try {
            statement.setFetchSize(FETCHED_ROWS);
            return statement.executeQuery();
        } catch (SQLException e) {
            try (statement) {
                throw e;
            }
        }
    }

    /** The same for rows of a table: of long ones, fewer are fetched at a time. */
    public ResultSet stream(Connection connection, String sql, Table table) throws SQLException {
        return stream(connection, sql);
    }

    /** An INSERT of a table's fields. */
    public final String insert(TableName table, List<Field> fields) {
        if (fields.isEmpty()) {
            return "INSERT INTO " + quote(table) + " DEFAULT VALUES";
        }
        return "INSERT INTO " + quote(table) + " ("
                + String.join(", ", fields.stream().map(f -> quote(f.name())).toList()) + ")" + overriding(fields)
                + " VALUES ("
                + String.join(
                        ", ", fields.stream().map(f -> format(f).placeholder()).toList()) + ")";
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of a query with texts as its parameters. */
    public static List<String> strings(Connection connection, String sql, String... parameters) throws SQLException {
        List<String> result = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    result.add(rows.getString(1));
                }
            }
        }
        return result;
    }

    public static List<String> strings(Connection connection, String sql) throws SQLException {
        List<String> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                result.add(rows.getString(1));
            }
        }
        return result;
    }

    /** The number that a query's one row holds. */
    public static long number(Connection connection, String sql) throws SQLException {
        return Long.parseLong(strings(connection, sql).get(0));
    }

    /** A value as bytes in memory, for databases that take no streams and for keys. */
    public static byte[] wholeValue(FieldValue value) throws IOException {
        if (!value.isContent()) {
            return value.bytes();
        }
        try (var in = value.open()) {
            return in.readAllBytes();
        }
    }
}
