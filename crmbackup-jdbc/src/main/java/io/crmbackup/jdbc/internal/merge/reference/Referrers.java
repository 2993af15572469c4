package io.crmbackup.jdbc.internal.merge.reference;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.live.RowLookup;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Finds the rows that refer to others now. Used by one thread at a time. */
public final class Referrers {
    private final LiveDatabase database;
    private final Links links;

    /** Which references count. */
    @FunctionalInterface
    public interface Which {
        boolean counts(Link link) throws SQLException;
    }

    /** Takes a row that refers. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Called for each; the connection is not free before it returns.
         *
         * @param key the values of the row's key; none if its table has no key
         */
        void row(Link link, List<FieldValue> key) throws IOException, SQLException;
    }

    public Referrers(LiveDatabase database, Links links) {
        this.database = database;
        this.links = links;
    }

    /** Finds what refers to rows. */
    public void find(Table table, List<List<FieldValue>> keys, Which which, Visitor visitor)
            throws IOException, SQLException {
        for (Link link : links.to(table)) {
            if (which.counts(link)) {
                find(link, keys, visitor);
            }
        }
    }

    /** Whether there are references to a table that count. */
    boolean areTo(Table table, Which which) throws SQLException {
        for (Link link : links.to(table)) {
            if (which.counts(link)) {
                return true;
            }
        }
        return false;
    }

    private void find(Link link, List<List<FieldValue>> keys, Visitor visitor) throws IOException, SQLException {
        Reference reference = link.reference();
        RecordSchema parent = link.parent().schema();
        RecordSchema child = link.child().schema();
        List<List<FieldValue>> targets = keys;
        if (!reference.targetFields().equals(parent.key())) {
            List<List<FieldValue>> found = new ArrayList<>();
            List<Field> wanted = fields(parent, reference.targetFields());
            try (RowLookup lookup = new RowLookup(database, link.parent(), fields(parent, parent.key()), wanted, "")) {
                lookup.findAll(keys, found::add);
            }
            targets = found;
        }
        List<Field> from = fields(parent, reference.targetFields());
        List<Field> by = fields(child, reference.fields());
        List<List<FieldValue>> referring = new ArrayList<>();
        for (List<FieldValue> target : targets) {
            referring.addAll(Spellings.of(from, target, by));
        }
        List<Field> key = fields(child, child.key());
        List<Field> wanted = new ArrayList<>(key);
        wanted.addAll(fields(child, List.copyOf(reference.conditions().keySet())));
        if (wanted.isEmpty()) {
            wanted.addAll(by);
        }
        try (RowLookup lookup = new RowLookup(database, link.child(), by, wanted, "")) {
            lookup.findAll(referring, values -> {
                if (reference.appliesTo(child, all(child, wanted, values))) {
                    visitor.row(link, key.isEmpty() ? List.of() : List.copyOf(values.subList(0, key.size())));
                }
            });
        }
    }

    /** Values of some fields as those of all, the others null. */
    private static List<FieldValue> all(RecordSchema schema, List<Field> some, List<FieldValue> values) {
        List<FieldValue> all =
                new ArrayList<>(Collections.nCopies(schema.fields().size(), FieldValue.NULL));
        for (int i = 0; i < some.size(); i++) {
            all.set(schema.indexOf(some.get(i).name()), values.get(i));
        }
        return all;
    }

    private static List<Field> fields(RecordSchema schema, List<String> names) {
        return names.stream()
                .map(name -> schema.fields().get(schema.indexOf(name)))
                .toList();
    }
}
