package io.crmbackup.jdbc.internal.merge.live;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.dialect.ValueFormat;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Goes through all keys of a table page by page, in the database's own order; between pages the connection is free, and rows of former pages
 * may be deleted. Used by one thread at a time.
 */
public final class KeyPages {
    private static final int ROWS = 2000;

    private final LiveDatabase database;
    private final Table table;
    private final List<Field> key;
    private final List<ValueFormat> formats;
    private List<FieldValue> last = List.of();
    private boolean ended;

    /** Takes the keys of some rows. */
    @FunctionalInterface
    public interface Visitor {
        void rows(List<List<FieldValue>> keys) throws IOException, SQLException;
    }

    public KeyPages(LiveDatabase database, Table table) {
        this.database = database;
        this.table = table;
        this.key = table.schema().key().stream()
                .map(name -> table.schema().fields().get(table.schema().indexOf(name)))
                .toList();
        this.formats = key.stream().map(database.dialect()::format).toList();
    }

    /** The next keys; none at the end. */
    public List<List<FieldValue>> next() throws IOException, SQLException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while reading keys of table " + table.collection());
        }
        List<List<FieldValue>> page = new ArrayList<>();
        if (ended) {
            return page;
        }
        try (PreparedStatement statement = database.connection().prepareStatement(sql())) {
            bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    List<FieldValue> values = new ArrayList<>();
                    int index = 1;
                    for (ValueFormat format : formats) {
                        values.add(format.read(rows, index));
                        index += format.selected();
                    }
                    page.add(values);
                }
            }
        }
        ended = page.size() < ROWS;
        last = page.isEmpty() ? last : page.get(page.size() - 1);
        return page;
    }

    private String sql() {
        List<String> columns = new ArrayList<>();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            String name = database.dialect().quote(key.get(i).name());
            columns.add(formats.get(i).selection(name));
            order.add(name);
        }
        return database.dialect()
                .firstRows(
                        "SELECT " + String.join(", ", columns) + " FROM " + database.rowsOf(table.name())
                                + (last.isEmpty() ? "" : " WHERE " + beyond()) + " ORDER BY "
                                + String.join(", ", order),
                        ROWS);
    }

    /** Rows are beyond the last one if some columns of the key are equal, and the next one is larger. */
    private String beyond() {
        List<String> ways = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            String larger = database.dialect().quote(key.get(i).name()) + " > "
                    + formats.get(i).placeholder();
            ways.add(i == 0 ? larger : database.matching(key.subList(0, i)) + " AND " + larger);
        }
        return "(" + String.join(") OR (", ways) + ")";
    }

    private void bind(PreparedStatement statement) throws IOException, SQLException {
        int index = 1;
        for (int i = 0; i < last.size(); i++) {
            for (int j = 0; j <= i; j++) {
                formats.get(j).bind(statement, index, last.get(j));
                index += formats.get(j).bound();
            }
        }
    }
}
