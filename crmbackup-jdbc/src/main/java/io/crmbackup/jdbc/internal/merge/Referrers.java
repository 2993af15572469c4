package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Finds the rows that refer to others, by the references that the database has now. */
final class Referrers {
    private final LiveDatabase database;
    private final Collection<Table> tables;
    private final Which which;

    /** Which references count. */
    @FunctionalInterface
    interface Which {
        boolean counts(Table table, Reference reference) throws SQLException;
    }

    /** Takes a row that refers. */
    @FunctionalInterface
    interface Visitor {
        /**
         * Called for each; the connection is not free before it returns.
         *
         * @param key the values of the row's key; none if its table has no key
         */
        void row(Table table, List<FieldValue> key) throws IOException, SQLException;
    }

    Referrers(LiveDatabase database, Collection<Table> tables) {
        this(database, tables, (table, reference) -> true);
    }

    Referrers(LiveDatabase database, Collection<Table> tables, Which which) {
        this.which = which;
        this.database = database;
        this.tables = tables;
    }

    boolean exist(Table table) {
        return tables.stream()
                .anyMatch(t -> t.schema().references().stream()
                        .anyMatch(reference -> reference.collection().equals(table.collection())));
    }

    /** Finds what refers to rows. */
    void find(Table table, List<List<FieldValue>> keys, Visitor visitor) throws IOException, SQLException {
        for (Table other : tables) {
            for (Reference reference : other.schema().references()) {
                if (reference.collection().equals(table.collection()) && which.counts(other, reference)) {
                    find(table, keys, other, reference, visitor);
                }
            }
        }
    }

    private void find(Table table, List<List<FieldValue>> keys, Table other, Reference reference, Visitor visitor)
            throws IOException, SQLException {
        List<List<FieldValue>> targets = keys;
        if (!reference.targetFields().equals(table.schema().key())) {
            List<List<FieldValue>> found = new ArrayList<>();
            try (RowLookup lookup = new RowLookup(
                    database,
                    table,
                    fields(table, table.schema().key()),
                    fields(table, reference.targetFields()),
                    "")) {
                lookup.find(keys, found::add);
            }
            targets = found;
        }
        List<Field> from = fields(table, reference.targetFields());
        List<Field> to = fields(other, reference.fields());
        List<List<FieldValue>> referring = new ArrayList<>();
        for (List<FieldValue> target : targets) {
            List<FieldValue> values = new ArrayList<>();
            for (int i = 0; i < to.size(); i++) {
                values.add(Values.converted(from.get(i).type(), to.get(i).type(), target.get(i)));
            }
            referring.add(values);
        }
        List<Field> key = fields(other, other.schema().key());
        List<Field> wanted = key.isEmpty() ? to : key;
        try (RowLookup lookup = new RowLookup(database, other, to, wanted, "")) {
            lookup.find(referring, values -> visitor.row(other, key.isEmpty() ? List.of() : values));
        }
    }

    private static List<Field> fields(Table table, List<String> names) {
        return names.stream()
                .map(name -> table.schema().fields().get(table.schema().indexOf(name)))
                .toList();
    }
}
