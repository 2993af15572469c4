package io.crmbackup.jdbc.internal.restore;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.SchemaStatement.Type;
import io.crmbackup.jdbc.internal.sql.Statements;
import io.crmbackup.jdbc.internal.sql.StoredLists;
import io.crmbackup.jdbc.internal.sql.TableName;
import io.crmbackup.jdbc.internal.sql.TablePlace;
import io.crmbackup.spi.RestoredCollection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which statements of a backup are executed, in order; which are not, and why. The order is that of steps: what tables need and the tables
 * themselves; rows; then what each table has besides, table by table; what joins parts to the whole; references between tables; and last what needs all of it.
 *
 * <p>A statement is executed if it is harmless or trusted, and all is made that it needs, as far as the backup tells (see {@link Needs}). What needs something
 * that is not made is not made either, with a note; but tables must be.
 */
public final class RestoreScript {
    private final Dialect dialect;
    private final Trust trust;
    private final Function<String, SchemaStatement> reader;
    private final Predicate<SchemaStatement> vouched;
    private final Predicate<SchemaStatement> trusted;
    private final Set<String> restored = new HashSet<>();
    /** The names of things that are made or were there before. */
    private final Set<String> made;

    private final Set<String> tables = new HashSet<>();
    private final List<String> damage = new ArrayList<>();
    private final List<String> blockers = new ArrayList<>();
    private final List<SchemaStatement> untrusted = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Scripted> scriptedBeforeRows = new ArrayList<>();
    private final List<Scripted> omittedAfterRows = new ArrayList<>();
    private final Map<String, Integer> withoutRights = new TreeMap<>();
    private final List<SchemaStatement> beforeRows = new ArrayList<>();
    private final List<SchemaStatement> keys = new ArrayList<>();
    private final Map<String, String> collections = new HashMap<>();
    private final Map<String, List<SchemaStatement>> ofTables = new LinkedHashMap<>();
    private final List<SchemaStatement> parts = new ArrayList<>();
    private final List<SchemaStatement> references = new ArrayList<>();
    private final List<SchemaStatement> last = new ArrayList<>();

    /**
     * Reads the statements of a backup.
     *
     * @param known statements that the database itself has, word for word: they bring nothing into it that it doesn't run already
     * @param provided what the database and its server have already, see {@link Dialect#provides}
     */
    public RestoreScript(
            Dialect dialect,
            Map<String, String> attributes,
            List<RestoredCollection> collections,
            Trust trust,
            Set<String> known,
            Set<String> provided) {
        this.dialect = dialect;
        this.trust = trust;
        this.reader = trust == Trust.HARMLESS_IN_SCRIPTS
                ? sql -> dialect.clientSyntax().read(dialect.statement(sql))
                : dialect::statement;
        this.vouched = statement -> trust == Trust.ALL || known.contains(statement.sql());
        this.trusted = vouched.or(SchemaStatement::isSafe);
        this.made = new HashSet<>(provided);
        for (RestoredCollection collection : collections) {
            String name = canonical(TableName.of(collection.name(), dialect.defaultSchema()));
            restored.add(name);
            this.collections.put(name, collection.name());
        }
        StoredLists lists = StoredLists.of(attributes);
        damage.addAll(lists.damage());
        List<SchemaStatement> others = new ArrayList<>();
        beforeRows(lists, collections, others);
        // Counters first: who may no longer set them is said after them.
        entries(lists.position()).forEach(this::add);
        entries(lists.after()).forEach(this::add);
        others.forEach(statement -> add(new Entry(statement, Needs.NONE)));
        keys.forEach(key -> execute(key, beforeRows));
        last.sort(Comparator.comparing(statement -> statement.kind() == Type.EVENT));
        attributes.getOrDefault("leftOut", "").lines().forEach(line -> notes.add("not in the backup: " + line));
        withoutRights.forEach((why, count) -> notes.add(
                count + (count == 1 ? " statement" : " statements") + " on owners and rights not executed, as " + why));
    }

    /**
     * A statement of a script.
     *
     * @param omitted why it is not executed, which begins with "as"; empty if it is
     * @param missing the collection whose table is not made then
     */
    public record Scripted(SchemaStatement statement, Optional<String> omitted, Optional<String> missing) {
        private static Scripted executed(SchemaStatement statement) {
            return new Scripted(statement, Optional.empty(), Optional.empty());
        }
    }

    private record Entry(SchemaStatement statement, Needs needs) {}

    private List<Entry> entries(List<StoredLists.Entry> stored) {
        return stored.stream()
                .map(entry -> new Entry(reader.apply(entry.sql()), entry.needs()))
                .toList();
    }

    /** What comes before rows: where the backup doesn't say when a table is made, it is made after all that is not a table. */
    private void beforeRows(StoredLists lists, List<RestoredCollection> all, List<SchemaStatement> others) {
        Map<String, RestoredCollection> left = new LinkedHashMap<>();
        all.forEach(collection -> left.put(Needs.table(collection.name()), collection));
        List<Entry> entries = entries(lists.before());
        int done = 0;
        for (TablePlace place : lists.places()) {
            for (; done < place.after(); done++) {
                addBefore(entries.get(done));
            }
            RestoredCollection collection = left.remove(place.needs().name());
            if (collection != null) {
                addTable(collection, place.needs(), others);
            }
        }
        entries.subList(done, entries.size()).forEach(this::addBefore);
        left.forEach((name, collection) -> addTable(collection, new Needs(name, List.of()), others));
    }

    private void addBefore(Entry entry) {
        SchemaStatement statement = entry.statement();
        Optional<String> table = statement.table().map(this::canonical);
        if (statement.kind() == Type.TABLE && table.isPresent()) {
            // A restored table in another form, as one that inherits; without it, it is made by itself.
            boolean restoredTable = restored.contains(table.get());
            if (!restoredTable || isPossible(entry)) {
                if (add(entry, beforeRows)) {
                    tables.add(table.get());
                }
            } else {
                omit(entry, beforeRows, Optional.empty());
                notes.add("comes back as a table of its own, " + why(entry) + ": " + statement.title());
            }
        } else if (entry.needs().equals(Needs.NONE)
                && (statement.kind() == Type.DOMAIN || statement.kind() == Type.SEQUENCE)) {
            addNeeded(entry, Optional.empty());
        } else {
            add(entry, beforeRows);
        }
    }

    private void addTable(RestoredCollection collection, Needs needs, List<SchemaStatement> others) {
        List<SchemaStatement> own = Statements.of(collection.schema().attributes()).stream()
                .map(reader)
                .toList();
        Statements.stray(collection.schema().attributes())
                .ifPresent(name -> damage.add("the statements of table " + collection.name()
                        + " are not whole in the backup: " + name + " doesn't follow on the others"));
        String name = canonical(TableName.of(collection.name(), dialect.defaultSchema()));
        if (own.isEmpty() || !isDefinition(own.get(0), name)) {
            damage.add("the backup holds no definition of table " + collection.name() + " that can be read");
            return;
        }
        if (tables.add(name)) {
            addNeeded(new Entry(own.get(0), needs), Optional.of(collection.name()));
        }
        for (SchemaStatement statement : own.subList(1, own.size())) {
            switch (statement.kind()) {
                case PRIMARY_KEY, FOREIGN_KEY, CONSTRAINT, INDEX -> add(new Entry(statement, Needs.NONE));
                default -> others.add(statement);
            }
        }
    }

    /** Untrusted definitions that can't be read with certainty are reported by what is in doubt, not as missing. */
    private boolean isDefinition(SchemaStatement statement, String name) {
        return statement.kind() == Type.TABLE
                ? statement.table().map(this::canonical).equals(Optional.of(name))
                : !statement.isSafe();
    }

    private boolean isPossible(Entry entry) {
        return trusted.test(entry.statement()) && made.containsAll(entry.needs().needs());
    }

    /** Adds what is to be done when rows are there to the list of its step. */
    private void add(Entry entry) {
        SchemaStatement statement = entry.statement();
        Optional<String> table = statement.table().map(this::canonical);
        switch (statement.kind()) {
            case PRIMARY_KEY, CONSTRAINT, INDEX -> {
                String collection = table.map(collections::get).orElse(null);
                if (statement.kind() == Type.PRIMARY_KEY) {
                    add(entry, keys);
                } else if (collection != null) {
                    add(entry, ofTables.computeIfAbsent(collection, any -> new ArrayList<>()));
                } else {
                    add(entry, table.isPresent() && tables.contains(table.get()) ? parts : last);
                }
            }
            case PART -> add(entry, parts);
            case FOREIGN_KEY -> add(entry, references);
            default -> add(entry, last);
        }
    }

    private void addNeeded(Entry entry, Optional<String> collection) {
        if (isPossible(entry)) {
            execute(entry.statement(), beforeRows);
            made.add(entry.needs().name());
            return;
        }
        omit(entry, beforeRows, collection);
        if (trust == Trust.HARMLESS_IN_SCRIPTS && collection.isPresent()) {
            // A script asks for a table that it doesn't make before it goes on.
            made.add(entry.needs().name());
        }
        if (!trusted.test(entry.statement())) {
            blockers.add("needs trustSchema(), " + why(entry) + ": "
                    + entry.statement().title());
        } else {
            blockers.add(
                    "can't be made, " + why(entry) + ": " + entry.statement().title());
        }
    }

    private boolean add(Entry entry, List<SchemaStatement> list) {
        SchemaStatement statement = entry.statement();
        boolean told = !entry.needs().equals(Needs.NONE);
        if (statement.kind() == Type.EXTENSION && made.contains(entry.needs().name())) {
            return false;
        } else if (statement.kind() == Type.RIGHTS && !isPossible(entry)) {
            omit(entry, list, Optional.empty());
            withoutRights.merge(
                    trusted.test(statement) ? why(entry).substring("as ".length()) : "that needs trustSchema()",
                    1,
                    Integer::sum);
            return false;
        } else if (!trusted.test(statement)) {
            untrusted.add(statement);
            omit(entry, list, Optional.empty());
            notes.add("not restored without trustSchema(), " + why(entry) + ": " + statement.title());
            return false;
        } else if (told
                ? !isPossible(entry) || !isOwn(statement)
                : !isRestored(statement.target()) || !isRestored(statement.table())) {
            omit(entry, list, Optional.empty());
            notes.add("not restored, " + why(entry) + ": " + statement.title());
            return false;
        }
        execute(statement, list);
        made.add(entry.needs().name());
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // which list it is, not what is in it
    private void execute(SchemaStatement statement, List<SchemaStatement> list) {
        list.add(statement);
        if (list == beforeRows) {
            scriptedBeforeRows.add(Scripted.executed(statement));
        }
    }

    /** Whether it leaves tables alone that the restore doesn't make; what the backup says that it needs proves nothing about that. */
    private boolean isOwn(SchemaStatement statement) {
        return statement.kind() == Type.TABLE
                || vouched.test(statement)
                || isRestored(statement.table())
                || tables.contains(canonical(statement.table().orElseThrow()));
    }

    @SuppressWarnings("ReferenceEquality") // which list it is, not what is in it
    private void omit(Entry entry, List<SchemaStatement> list, Optional<String> missing) {
        (list == beforeRows ? scriptedBeforeRows : omittedAfterRows)
                .add(new Scripted(entry.statement(), Optional.of(why(entry)), missing));
    }

    private String why(Entry entry) {
        if (!trusted.test(entry.statement())) {
            return "as " + entry.statement().doubt().orElse("");
        }
        return entry.needs().needs().stream()
                .filter(need -> !made.contains(need))
                .findFirst()
                .map(this::lack)
                .orElse("as a table that it needs is not");
    }

    private String lack(String need) {
        if (need.startsWith("owner ")) {
            return "as the user may not act for role " + need.substring("owner ".length());
        } else if (need.equals("superuser")) {
            return "as the user is not a superuser";
        }
        return need.startsWith("table ") ? "as a table that it needs is not: " + need : "as " + need + " is not there";
    }

    private boolean isRestored(Optional<TableName> table) {
        return table.isEmpty() || restored.contains(canonical(table.get()));
    }

    private String canonical(TableName name) {
        TableName full = name.schema().isEmpty() ? new TableName(dialect.defaultSchema(), name.table()) : name;
        return dialect.sameName(full.collection(""));
    }

    /** Why the restore is refused. */
    public List<String> blockers() {
        return Stream.concat(damage.stream(), blockers.stream()).toList();
    }

    /** What of the backup's definitions can't be read, in words. */
    public List<String> damage() {
        return damage;
    }

    /** What is not restored, and why. */
    public List<String> notes() {
        return notes;
    }

    /** What is not restored because it could run code and is not trusted, each in the notes too; without owners and rights. */
    public List<SchemaStatement> untrusted() {
        return untrusted;
    }

    /** What is executed before rows, in order, and where it would be, what is not. */
    public List<Scripted> scriptedBeforeRows() {
        return scriptedBeforeRows;
    }

    /** All that is executed when rows are there, in order, and then what is not. */
    public List<Scripted> scriptedAfterRows() {
        return Stream.concat(afterRows().stream().map(Scripted::executed), omittedAfterRows.stream())
                .toList();
    }

    /** What tables need, the tables, and their primary keys. */
    public List<SchemaStatement> beforeRows() {
        return beforeRows;
    }

    /** Constraints and indexes of a collection's table: of different tables they don't depend on each other. */
    public List<SchemaStatement> ofTable(String collection) {
        return ofTables.getOrDefault(collection, List.of());
    }

    /** What makes indexes of parts those of the whole, once all tables have theirs, in this order. */
    public List<SchemaStatement> parts() {
        return parts;
    }

    /** Foreign keys, once all tables have their keys. */
    public List<SchemaStatement> references() {
        return references;
    }

    /** What needs tables with all that belongs to them, in this order. */
    public List<SchemaStatement> last() {
        return last;
    }

    /** All that is executed when rows are there. */
    public List<SchemaStatement> afterRows() {
        List<SchemaStatement> all = new ArrayList<>();
        ofTables.values().forEach(all::addAll);
        all.addAll(parts);
        all.addAll(references);
        all.addAll(last);
        return all;
    }
}
