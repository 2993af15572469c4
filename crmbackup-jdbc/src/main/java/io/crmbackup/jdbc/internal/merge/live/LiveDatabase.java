package io.crmbackup.jdbc.internal.merge.live;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.RowWriter;
import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.spi.Field;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** The database that rows are put into, and how statements for its rows are written. Used by one thread at a time. */
public final class LiveDatabase {
    private final Connection connection;
    private final Dialect dialect;
    /** By tables as they were found: who looks for them again asks again. */
    private final IdentityHashMap<Table, Characters> characters = new IdentityHashMap<>();

    public LiveDatabase(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
    }

    public Connection connection() {
        return connection;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The characters that a table's columns don't have. */
    public Characters characters(Table table) throws SQLException {
        Characters known = characters.get(table);
        if (known == null) {
            known = new Characters(this, table);
            characters.put(table, known);
        }
        return known;
    }

    public String quote(TableName table) {
        return dialect.quote(table);
    }

    /** A table whose own rows are meant, where they are read, changed or deleted. */
    public String rowsOf(TableName table) {
        return dialect.rowsOf(table);
    }

    /** Fields that equal the parameters of a statement. */
    public String matching(List<Field> fields) {
        return fields.stream()
                .map(field -> dialect.quote(field.name()) + " = "
                        + dialect.format(field).placeholder())
                .collect(Collectors.joining(" AND "));
    }

    public RowWriter writer(String sql, List<Field> fields) throws SQLException {
        return new RowWriter(connection, dialect, sql, fields);
    }

    /**
     * Prepares an UPDATE of some fields of the row with a key.
     *
     * @param untouched columns that the database would set by itself, and that stay
     */
    public RowWriter updater(TableName table, List<Field> fields, List<Field> key, List<String> untouched)
            throws SQLException {
        List<String> sets = new ArrayList<>();
        fields.forEach(field -> sets.add(
                dialect.quote(field.name()) + " = " + dialect.format(field).placeholder()));
        untouched.stream()
                .filter(name -> fields.stream().noneMatch(field -> field.name().equals(name)))
                .map(dialect::quote)
                .forEach(name -> sets.add(name + " = " + name));
        List<Field> all = new ArrayList<>(fields);
        all.addAll(key);
        return writer("UPDATE " + rowsOf(table) + " SET " + String.join(", ", sets) + " WHERE " + matching(key), all);
    }
}
