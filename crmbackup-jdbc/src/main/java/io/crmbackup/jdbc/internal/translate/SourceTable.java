package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Kind;
import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import io.crmbackup.jdbc.internal.sql.TokenCursor;
import io.crmbackup.spi.Field.Presence;
import io.crmbackup.spi.RecordSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a table's statements say besides its columns, keys and references: which columns count, literal defaults, unique keys and plain indexes. What is not
 * understood with certainty is named, not guessed.
 */
final class SourceTable {
    private static final Set<String> AFTER_DEFAULT = Set.of(
            "NOT",
            "NULL",
            "CONSTRAINT",
            "PRIMARY",
            "UNIQUE",
            "CHECK",
            "COLLATE",
            "GENERATED",
            "COMMENT",
            "ON",
            "AUTO_INCREMENT",
            "REFERENCES",
            "VISIBLE",
            "INVISIBLE",
            "SELECTIVITY",
            "AS",
            "KEY");
    private static final Set<String> NOW = Set.of("CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "NOW");

    private final RecordSchema schema;
    private final List<SourceIndex> indexes = new ArrayList<>();
    private final Map<String, SourceDefault> defaults = new HashMap<>();
    private final Map<List<String>, List<String>> actions = new HashMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private final Set<String> counting = new LinkedHashSet<>();

    SourceTable(RecordSchema schema) {
        this.schema = schema;
    }

    List<SourceIndex> indexes() {
        return indexes;
    }

    /**
     * The columns by which rows are sorted where they lie in the order of a key: the primary one, or else the first unique one that always has values.
     *
     * @param isMade whether a unique key becomes one of the table that is made
     */
    Set<String> sorting(Predicate<SourceIndex> isMade) {
        if (!schema.key().isEmpty()) {
            return Set.copyOf(schema.key());
        }
        return indexes.stream()
                .filter(index ->
                        index.isUnique() && index.columns().stream().allMatch(this::isRequired) && isMade.test(index))
                .findFirst()
                .map(index -> Set.copyOf(index.columns()))
                .orElse(Set.of());
    }

    private boolean isRequired(String column) {
        return schema.fields().get(schema.indexOf(column)).presence() == Presence.REQUIRED;
    }

    Optional<SourceDefault> defaultOf(String column) {
        return Optional.ofNullable(defaults.get(column));
    }

    /** What happens with rows that refer when those referred to change, in SQL; nothing if the usual. */
    List<String> actions(List<String> columns) {
        return actions.getOrDefault(columns, List.of());
    }

    /** The column whose values the database gives, if there is one. */
    Optional<String> counting() {
        return counting.stream().findFirst();
    }

    /** What is not carried over. */
    List<String> leftOut() {
        return leftOut;
    }

    /** Reads a statement of this table. */
    void add(TokenCursor reader) {
        if (!read(reader)) {
            leftOut.add(reader.title());
        }
    }

    private boolean read(TokenCursor in) {
        if (in.take("CREATE")) {
            return create(in);
        }
        if (!in.take("ALTER", "TABLE")) {
            return false;
        }
        in.take("IF", "EXISTS");
        in.take("ONLY");
        in.qualifiedName();
        if (in.take("ALTER")) {
            in.take("COLUMN");
            Optional<String> column = in.name();
            in.take("SET");
            in.take("ADD");
            return column.isPresent() && (columnTail(column.get(), in) || in.atEnd());
        }
        return in.take("ADD") && element(in);
    }

    private boolean create(TokenCursor in) {
        boolean unique = false;
        while (!in.atEnd() && !in.peek("ON") && !in.peek("TABLE") && !in.peek("(")) {
            if (in.take("INDEX")) {
                return index(in, unique);
            }
            unique |= in.peek("UNIQUE");
            in.next();
        }
        if (!in.take("TABLE")) {
            return false;
        }
        in.take("IF", "NOT", "EXISTS");
        in.qualifiedName();
        for (TokenCursor part : in.brackets()) {
            if (!element(part)) {
                leftOut.add(part.title());
            }
        }
        return true;
    }

    private boolean index(TokenCursor in, boolean unique) {
        in.take("IF", "NOT", "EXISTS");
        String name = in.peek("ON")
                ? ""
                : in.qualifiedName().map(full -> full.table()).orElse("");
        if (!in.take("ON")) {
            return false;
        }
        in.take("ONLY");
        in.qualifiedName();
        if (in.take("USING") && !in.take("BTREE") && !in.take("HASH")) {
            return false;
        }
        return addIndex(name, unique, in);
    }

    private boolean addIndex(String name, boolean unique, TokenCursor in) {
        Optional<List<String>> columns = columns(in.brackets());
        while (in.take("USING")) {
            in.name();
        }
        if (columns.isEmpty() || !in.atEnd()) {
            return false;
        }
        if (!columns.get().equals(schema.key())) {
            indexes.add(new SourceIndex(
                    name, unique ? SourceIndex.Uniqueness.UNIQUE : SourceIndex.Uniqueness.PLAIN, columns.get()));
        }
        return true;
    }

    /** Plain columns, perhaps with an order; empty if there is anything else. */
    private Optional<List<String>> columns(List<TokenCursor> parts) {
        List<String> columns = new ArrayList<>();
        for (TokenCursor part : parts) {
            Optional<String> column = part.name().flatMap(this::column);
            if (column.isEmpty()) {
                return Optional.empty();
            }
            part.take("ASC");
            part.take("DESC");
            part.take("NULLS", "FIRST");
            part.take("NULLS", "LAST");
            if (!part.atEnd()) {
                return Optional.empty();
            }
            columns.add(column.get());
        }
        return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
    }

    /** A column by its name, written in whatever capitals the product takes. */
    private Optional<String> column(String name) {
        if (schema.indexOf(name) >= 0) {
            return Optional.of(name);
        }
        return schema.fields().stream()
                .map(field -> field.name())
                .filter(name::equalsIgnoreCase)
                .findFirst();
    }

    /** A column, a key, an index or a constraint; false if it is not carried over. */
    private boolean element(TokenCursor in) {
        String name = "";
        boolean constraint = in.take("CONSTRAINT");
        if (constraint) {
            in.take("IF", "NOT", "EXISTS");
            name = in.qualifiedName().map(full -> full.table()).orElse("");
        }
        if (in.take("PRIMARY", "KEY")) {
            return true;
        } else if (in.take("FOREIGN", "KEY")) {
            Optional<List<String>> columns = columns(in.brackets());
            if (columns.isEmpty() || !in.take("REFERENCES")) {
                return false;
            }
            referenced(columns.get(), in);
            if (!in.atEnd()) {
                leftOut.add(in.rest() + " of the reference of " + String.join(", ", columns.get()));
            }
            return true;
        } else if (in.take("UNIQUE")) {
            in.take("KEY");
            in.take("INDEX");
            if (in.take("NULLS", "NOT", "DISTINCT")) {
                return false;
            }
            in.take("NULLS", "DISTINCT");
            return addIndex(in.peek("(") ? name : in.name().orElse(name), true, in);
        } else if (in.take("KEY") || in.take("INDEX")) {
            return addIndex(in.peek("(") ? name : in.name().orElse(name), false, in);
        } else if (constraint) {
            return false;
        }
        Optional<String> column = in.name().flatMap(this::column);
        if (column.isEmpty()) {
            return false;
        }
        columnTail(column.get(), in);
        return true;
    }

    /** What follows a column's name; whether all of it is carried over. */
    private boolean columnTail(String column, TokenCursor in) {
        boolean all = true;
        while (!in.atEnd()) {
            if (in.peek("(")) {
                in.brackets();
            } else if (in.take("DEFAULT")) {
                all &= defaultValue(column, in);
            } else if (in.take("GENERATED")) {
                all &= generated(column, in);
            } else if (in.take("AUTO_INCREMENT") || in.take("AUTOINCREMENT") || in.take("IDENTITY")) {
                counting.add(column);
            } else if (in.take("UNIQUE")) {
                in.take("KEY");
                addIndex(column);
            } else if (in.take("REFERENCES")) {
                referenced(List.of(column), in);
            } else if (in.take("CHECK")) {
                in.brackets();
                leftOut.add("a CHECK of column " + column);
            } else if (in.take("ON", "UPDATE")) {
                leftOut.add("ON UPDATE of column " + column);
            } else {
                in.next();
            }
        }
        return all;
    }

    private void addIndex(String column) {
        if (!schema.key().equals(List.of(column))) {
            indexes.add(new SourceIndex("", SourceIndex.Uniqueness.UNIQUE, List.of(column)));
        }
    }

    private boolean generated(String column, TokenCursor in) {
        in.take("ALWAYS");
        in.take("BY", "DEFAULT");
        in.take("ON", "NULL");
        if (in.take("AS", "IDENTITY")) {
            counting.add(column);
            return true;
        }
        leftOut.add("how column " + column + " is computed");
        return true;
    }

    /** A literal, the current moment, or the next value of a sequence. */
    private boolean defaultValue(String column, TokenCursor in) {
        List<Token> words = new ArrayList<>();
        int depth = 0;
        while (!in.atEnd()
                && !(depth == 0 && !words.isEmpty() && AFTER_DEFAULT.stream().anyMatch(in::peek))) {
            Token token = in.next();
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            words.add(token);
        }
        List<Token> value = words;
        while (value.size() > 2
                && value.get(0).is("(")
                && value.get(value.size() - 1).is(")")) {
            value = value.subList(1, value.size() - 1);
        }
        if (value.isEmpty() || value.get(0).is("NULL")) {
            return true;
        } else if (value.get(0).is("NEXTVAL")
                || value.size() > 2 && value.get(2).is("NEXTVAL")
                || value.get(0).is("NEXT") && value.size() > 1 && value.get(1).is("VALUE")) {
            counting.add(column);
            return true;
        }
        Optional<SourceDefault> found = literal(value);
        found.ifPresent(literal -> defaults.put(column, literal));
        if (found.isEmpty()) {
            leftOut.add("the default of column " + column);
        }
        return true;
    }

    private static Optional<SourceDefault> literal(List<Token> words) {
        Token first = words.get(0);
        boolean minus = first.is("-") && words.size() > 1;
        Token value = minus ? words.get(1) : first;
        List<Token> rest = words.subList(minus ? 2 : 1, words.size());
        boolean cast = rest.isEmpty()
                || rest.size() > 2 && rest.get(0).is(":") && rest.get(1).is(":")
                || rest.get(0).is(")") && rest.stream().anyMatch(word -> word.is(":"));
        if (NOW.contains(value.text()) && value.kind() == Kind.WORD) {
            boolean called = rest.stream().allMatch(word -> word.is("(") || word.is(")") || word.kind() == Kind.NUMBER);
            return called ? Optional.of(SourceDefault.NOW) : Optional.empty();
        } else if (!cast) {
            return Optional.empty();
        } else if (value.kind() == Kind.NUMBER) {
            return Optional.of(SourceDefault.literal((minus ? "-" : "") + value.text()));
        } else if (value.kind() == Kind.STRING && !minus) {
            // What a backslash stands for depends on the product.
            return value.text().indexOf('\\') >= 0
                    ? Optional.empty()
                    : Optional.of(SourceDefault.literal(value.text()));
        } else if (value.is("TRUE") || value.is("FALSE")) {
            return Optional.of(SourceDefault.literal(value.is("TRUE") ? "true" : "false"));
        }
        return Optional.empty();
    }

    private void referenced(List<String> columns, TokenCursor in) {
        ReferenceTail tail = ReferenceTail.read(columns, in);
        actions.put(List.copyOf(columns), tail.actions());
        tail.lost().forEach(lost -> leftOut.add(lost + " of the reference of " + String.join(", ", columns)));
    }
}
