package io.crmbackup.jdbc.internal.postgres.schema;

import io.crmbackup.jdbc.internal.postgres.schema.DatabaseSchema.Step;
import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.jdbc.internal.sql.TablePlace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the schema of a database, in a transaction whose search path is empty. */
public final class SchemaReader {
    /** Numbers of catalogs, the same in all versions. */
    private static final long PG_CLASS = 1259;

    private static final long PG_TYPE = 1247;
    private static final long PG_CONSTRAINT = 2606;

    private final Map<Long, String> captured;
    private final Map<Long, String> absent;
    private final Map<ObjectId, Definition> objects = new HashMap<>();
    private final List<Definition> definitions = new ArrayList<>();
    private final Map<ObjectId, Definition> variants = new HashMap<>();
    private final Map<Definition, Set<Definition>> needs = new HashMap<>();
    private final Map<Definition, List<String>> missing = new HashMap<>();

    private SchemaReader(Map<Long, String> captured, Map<Long, String> absent) {
        this.captured = captured;
        this.absent = absent;
    }

    /**
     * Reads it.
     *
     * @param captured the names of the collections of tables whose rows are captured, by the tables' numbers
     * @param roots the same of tables that are divided into partitions
     * @param absent the same of all other tables: what belongs to them is left out
     */
    public static DatabaseSchema read(
            Connection connection, Map<Long, String> captured, Map<Long, String> roots, Map<Long, String> absent)
            throws SQLException {
        SchemaReader reader = new SchemaReader(captured, absent);
        DefinitionQueries.Result read = DefinitionQueries.read(connection, absent.keySet());
        for (Definition definition : read.definitions()) {
            reader.collect(definition, roots);
        }
        Set<ObjectId> known = new HashSet<>(reader.objects.keySet());
        absent.keySet().forEach(table -> known.add(new ObjectId(PG_CLASS, table)));
        reader.connect(Dependencies.read(connection, known));
        return reader.schema(read.gone());
    }

    private void collect(Definition definition, Map<Long, String> roots) {
        long number = definition.id().object();
        boolean isRelation = definition.id().catalog() == PG_CLASS;
        if (isRelation && absent.containsKey(number)) {
            return;
        }
        String table = isRelation ? captured.getOrDefault(number, roots.getOrDefault(number, "")) : "";
        boolean variant =
                definition.part().equals("inherits") || definition.part().equals("typed");
        Definition named =
                !table.isEmpty() && (definition.isObject() || variant) ? named(definition, table) : definition;
        definitions.add(named);
        if (named.isObject()) {
            objects.put(named.id(), named);
        } else if (variant) {
            variants.put(named.id(), named);
        }
    }

    private static Definition named(Definition definition, String table) {
        return new Definition(
                definition.id(),
                definition.part(),
                definition.step(),
                definition.kind(),
                Needs.table(table),
                definition.sql(),
                definition.relations(),
                definition.needs());
    }

    /** Finds what each definition needs; what belongs to a table that is absent goes. */
    private void connect(Dependencies dependencies) {
        Set<ObjectId> gone = new HashSet<>();
        for (boolean more = true; more; ) {
            more = false;
            for (Definition definition : definitions) {
                if (definition.isObject() && !gone.contains(definition.id())) {
                    Set<ObjectId> wholes = new HashSet<>(dependencies.wholes(definition.id()));
                    definition.relations().forEach(relation -> wholes.addAll(resolved(dependencies, relation)));
                    if (wholes.stream().anyMatch(whole -> isAbsent(whole) || gone.contains(whole))) {
                        more |= gone.add(definition.id());
                    }
                }
            }
        }
        List<Definition> left = new ArrayList<>();
        for (Definition definition : definitions) {
            boolean variant = definition.equals(variants.get(definition.id()));
            Set<ObjectId> needed = new LinkedHashSet<>();
            definition.relations().forEach(relation -> needed.addAll(resolved(dependencies, relation)));
            if (!definition.isObject()) {
                Set<ObjectId> whole = dependencies.resolve(definition.id());
                boolean orphan = whole.isEmpty() && isPartOfAnObject(definition);
                if (orphan
                        || whole.stream().anyMatch(id -> isAbsent(id) || gone.contains(id))
                        || !variant && needed.stream().anyMatch(id -> isAbsent(id) || gone.contains(id))) {
                    continue;
                }
                needed.addAll(whole);
            } else if (gone.contains(definition.id())) {
                continue;
            }
            if (definition.isObject() || variant) {
                needed.addAll(dependencies.of(definition.id()));
            }
            left.add(definition);
            Set<Definition> found = new LinkedHashSet<>();
            List<String> lost = new ArrayList<>();
            for (ObjectId id : needed) {
                if (isAbsent(id)) {
                    lost.add(Needs.table(absent.getOrDefault(id.object(), "")));
                } else if (!(variant && id.equals(definition.id()))) {
                    found.add(objects.get(id));
                }
            }
            // A table by itself comes in place of the one that inherits, so after it.
            if (definition.isObject() && variants.containsKey(definition.id())) {
                found.add(variants.get(definition.id()));
            }
            needs.put(definition, found);
            missing.put(definition, lost);
        }
        definitions.clear();
        definitions.addAll(left);
    }

    /** Default rights are of no object; comments and rights of what is not known have nothing to be on. */
    private static boolean isPartOfAnObject(Definition definition) {
        return definition.step() != Definition.Step.RIGHTS || !definition.part().startsWith("default");
    }

    private static Set<ObjectId> resolved(Dependencies dependencies, long relation) {
        return dependencies.resolve(new ObjectId(PG_CLASS, relation));
    }

    private boolean isAbsent(ObjectId id) {
        return id.catalog() == PG_CLASS && absent.containsKey(id.object());
    }

    /** Takes out what can't be made one after the other: views that show each other, functions that call each other in bodies that are looked into. */
    private List<String> withoutCircles() {
        Set<Definition> circles = new DefinitionOrder(definition -> needs.getOrDefault(definition, Set.of()))
                .circles(definitions.stream()
                        .filter(definition -> definition.isObject() && definition.step() == Definition.Step.AFTER)
                        .toList());
        definitions.removeAll(circles);
        return circles.stream()
                .map(definition -> definition.name() + ", which needs itself in a circle")
                .sorted()
                .toList();
    }

    private DatabaseSchema schema(List<String> gone) {
        List<String> leftOut = new ArrayList<>(withoutCircles());
        Map<Definition, Set<Definition>> earlier = earlier();
        DefinitionOrder order = new DefinitionOrder(definition -> earlier.getOrDefault(definition, Set.of()));
        Set<Definition> early = order.closure(early());
        List<Step> before = new ArrayList<>();
        List<TablePlace> places = new ArrayList<>();
        Map<Long, String> tables = new HashMap<>();
        for (Definition definition : order.sorted(early)) {
            if (definition.isObject()
                    && definition.id().catalog() == PG_CLASS
                    && captured.containsKey(definition.id().object())) {
                tables.put(definition.id().object(), definition.sql());
                places.add(new TablePlace(before.size(), needsOf(definition)));
            } else if (!definition.sql().isEmpty()) {
                before.add(new Step(definition.sql(), needsOf(definition)));
            }
        }
        Set<Definition> late = definitions.stream()
                .filter(definition -> !early.contains(definition))
                .collect(Collectors.toSet());
        List<Step> after = refreshedInOrder(order.sorted(late)).stream()
                .filter(definition -> !definition.sql().isEmpty())
                .map(definition -> new Step(definition.sql(), needsOf(definition)))
                .toList();
        gone.forEach(name -> leftOut.add(name + ", which was dropped meanwhile"));
        return new DatabaseSchema(before, places, after, tables, leftOut);
    }

    /**
     * What each definition comes after: what it needs; conditions of domains, which can't be added when columns of all kinds hold them already; of tables
     * that inherit, what was changed of their parents' columns.
     */
    private Map<Definition, Set<Definition>> earlier() {
        Map<Definition, Set<Definition>> conditions = new HashMap<>();
        for (Definition definition : definitions) {
            if (definition.id().catalog() == PG_CONSTRAINT
                    && definition.isObject()
                    && definition.step() == Definition.Step.BEFORE) {
                needs(definition).stream()
                        .filter(needed -> needed.id().catalog() == PG_TYPE)
                        .forEach(type -> conditions
                                .computeIfAbsent(type, any -> new LinkedHashSet<>())
                                .add(definition));
            }
        }
        Map<ObjectId, List<Definition>> columns = new HashMap<>();
        definitions.stream()
                .filter(definition -> definition.step() == Definition.Step.BEFORE
                        && definition.part().startsWith("column"))
                .forEach(part -> columns.computeIfAbsent(part.id(), any -> new ArrayList<>())
                        .add(part));
        Map<Definition, Set<Definition>> earlier = new HashMap<>(needs);
        for (Definition definition : definitions) {
            if (definition.step() == Definition.Step.BEFORE && definition.id().catalog() != PG_CONSTRAINT) {
                Set<Definition> all = new LinkedHashSet<>(needs(definition));
                needs(definition).forEach(needed -> all.addAll(conditions.getOrDefault(needed, Set.of())));
                if (definition.equals(variants.get(definition.id()))) {
                    definition
                            .relations()
                            .forEach(parent ->
                                    all.addAll(columns.getOrDefault(new ObjectId(PG_CLASS, parent), List.of())));
                }
                earlier.put(definition, all);
            }
        }
        return earlier;
    }

    private Set<Definition> needs(Definition definition) {
        return Objects.requireNonNull(needs.get(definition), "what one of the definitions needs");
    }

    /** What tables need, and what their constraints and indexes need besides one another. */
    private Set<Definition> early() {
        Set<Definition> early = new LinkedHashSet<>();
        for (Definition definition : definitions) {
            if (definition.step() == Definition.Step.BEFORE) {
                early.add(definition);
            } else if (definition.step() == Definition.Step.KEYS) {
                needs(definition).stream()
                        .filter(needed -> needed.step() != Definition.Step.KEYS)
                        .forEach(early::add);
            }
        }
        return early;
    }

    /** Materialized views are filled in the order in which they are made, as they may read one another. */
    private static List<Definition> refreshedInOrder(List<Definition> sorted) {
        Map<ObjectId, Integer> places = new HashMap<>();
        for (int i = 0; i < sorted.size(); i++) {
            if (sorted.get(i).isObject()) {
                places.put(sorted.get(i).id(), i);
            }
        }
        List<Definition> refreshes = new ArrayList<>(sorted.stream()
                .filter(definition -> definition.step() == Definition.Step.REFRESH)
                .sorted(Comparator.comparing(definition -> places.getOrDefault(definition.id(), -1)))
                .toList());
        return sorted.stream()
                .map(definition -> definition.step() == Definition.Step.REFRESH ? refreshes.remove(0) : definition)
                .toList();
    }

    private Needs needsOf(Definition definition) {
        List<String> names = new ArrayList<>(definition.needs());
        names.addAll(missing.getOrDefault(definition, List.of()));
        needs.getOrDefault(definition, Set.of()).stream()
                .filter(needed -> !needed.name().isEmpty()
                        && !needed.name().equals(definition.name())
                        && !needed.sql().isEmpty())
                .map(Definition::name)
                .sorted()
                .forEach(names::add);
        return new Needs(definition.name(), names);
    }
}
