package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.translate.NeutralType.Kind;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.FieldType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words in which a product makes tables, and how it takes values. */
abstract class Vocabulary {
    /** A class of its own: whoever used this class and one of these for the first time at once could wait for each other for ever. */
    private static final class Known {
        static final Map<String, Vocabulary> BY_PRODUCT = Map.of(
                "PostgreSQL", new PostgresWords(),
                "MariaDB", new MariaDbWords(InnoDbPage.USUAL),
                "MySQL", new MySqlWords("utf8mb4_bin", InnoDbPage.USUAL),
                "SQLite", new SqliteWords(),
                "H2", new H2Words(),
                "HSQL Database Engine", new HsqldbWords(),
                "Apache Derby", new DerbyWords());
    }

    /** That of a product, if tables can be made in it. */
    static Optional<Vocabulary> of(String product) {
        return Optional.ofNullable(Known.BY_PRODUCT.get(product));
    }

    /** The same of a server, whatever it is that servers of the product don't have in common. */
    Vocabulary of(Connection connection) throws SQLException {
        return this;
    }

    /** The type in which a column loses least. */
    abstract TargetColumn column(SourceColumn column);

    /** Whether the values of a column have to be looked at to choose its type. */
    boolean asks(NeutralType type, boolean indexed) {
        return (type.kind() == Kind.DECIMAL || type.kind() == Kind.FIXED_TEXT) && !type.isBounded();
    }

    /** What is said after a column's type to make the product count. */
    abstract String identity();

    /** A statement that lets a column count on behind the values that are there, if the product doesn't by itself. */
    abstract Optional<String> counter(Counted column);

    /** Whether a statement that lets a column count on needs to know its largest value. */
    boolean countsFromNumber() {
        return false;
    }

    /**
     * Whether the largest value of a column that counts has to be known.
     *
     * @param unique whether no two rows have the same one
     */
    boolean asksForMost(boolean unique) {
        return countsFromNumber();
    }

    /** What can happen with rows that refer when those referred to change, besides the usual. */
    List<String> actions() {
        return List.of("ON DELETE CASCADE", "ON DELETE SET NULL", "ON UPDATE CASCADE", "ON UPDATE SET NULL");
    }

    /** What is said behind the columns. */
    String tableOptions() {
        return "";
    }

    /** Whether tables have schemas. */
    abstract boolean hasSchemas();

    /** The most characters, or bytes where that counts, of a name. */
    abstract int longestName();

    /** The most columns of a table. */
    int mostColumns() {
        return Integer.MAX_VALUE;
    }

    /** Whether keys and references are part of a table's definition, not statements of their own. */
    boolean definesAllAtOnce() {
        return false;
    }

    /** Whether keys and indexes are part of a table's definition, as the product shows it. */
    boolean definesKeysWithColumns() {
        return false;
    }

    /** Whether unique keys are, though indexes are not. */
    boolean definesUniqueKeysWithColumns() {
        return false;
    }

    /** Whether names that differ in capitals only are the same. */
    boolean ignoresCapitals() {
        return false;
    }

    /** Whether indexes of different tables may have the same name. */
    boolean namesIndexesByTable() {
        return false;
    }

    /** Whether a key of these columns is short enough. */
    boolean canIndex(Iterable<TargetColumn> columns) {
        return true;
    }

    /**
     * The columns of one table, some of them otherwise where a row would be too long with all.
     *
     * @param key those by which rows are sorted where they lie
     * @param indexed those that are part of a key, an index or a reference
     */
    List<TargetColumn> fitted(List<TargetColumn> columns, Set<String> key, Set<String> indexed) {
        return columns;
    }

    /**
     * Why a table of these columns can't be made; empty if it can.
     *
     * @param key those by which rows are sorted where they lie
     */
    Optional<String> obstacle(List<TargetColumn> columns, Set<String> key) {
        return Optional.empty();
    }

    /** Whether a literal can be the default of a column. */
    boolean takesDefault(TargetColumn column) {
        return true;
    }

    /** The current moment as a default. */
    String now(TargetColumn column) {
        return "CURRENT_TIMESTAMP";
    }

    static TargetColumn made(SourceColumn column, FieldType type, String definition, Writing writing) {
        return made(column, type, definition, definition, writing);
    }

    static TargetColumn made(
            SourceColumn column, FieldType type, String nativeType, String definition, Writing writing) {
        Field field = new Field(
                column.field().name(), type, nativeType, column.field().presence());
        return new TargetColumn(
                field, definition, writing, column.type().kind().isStreamed(), "", TargetColumn.Likeness.EQUAL);
    }

    static boolean isRequired(TargetColumn column) {
        return column.field().presence() == Presence.REQUIRED;
    }
}
