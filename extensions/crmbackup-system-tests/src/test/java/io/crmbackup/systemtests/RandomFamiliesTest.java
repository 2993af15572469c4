package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Selections with required parents, chosen children and a depth against a plain model, over random tables with composite keys, circles, references that
 * the database knows or only the plan, that depend on a field, that have no value in a part, or lead nowhere.
 */
class RandomFamiliesTest {
    @TempDir
    private Path work;

    private record Row(int table, int a, String b) {
        String name() {
            return "t" + table + "/" + a + "/" + b;
        }
    }

    /** A reference from two fields of a table to the key of a table, perhaps only of records of some kind. */
    private record Link(
            int from,
            int number,
            int to,
            boolean required,
            boolean declared,
            @Nullable String kind) {
        List<String> fields() {
            return List.of("x" + number, "y" + number);
        }
    }

    private record Edge(Row child, Row parent, Link link) {}

    @Test
    void selectsWhatTheModelSelects() throws IOException {
        try (Lab lab = new Lab(work)) {
            for (long seed = 0; seed < 40; seed++) {
                new World(seed).check(lab);
            }
        }
    }

    private static final class World {
        private final long seed;
        private final Random random;
        private final int tables;
        private final List<Link> links = new ArrayList<>();
        private final List<Row> rows = new ArrayList<>();
        private final List<Edge> edges = new ArrayList<>();
        private final InMemorySource db = new InMemorySource();

        World(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.tables = 2 + random.nextInt(4);
            for (int t = 0; t < tables; t++) {
                for (int n = random.nextInt(4); n > 0; n--) {
                    boolean declared = random.nextBoolean();
                    links.add(new Link(
                            t,
                            links.size(),
                            random.nextInt(tables),
                            random.nextInt(3) == 0,
                            declared,
                            declared && random.nextBoolean() ? "k" + random.nextInt(2) : null));
                }
            }
            for (int t = 0; t < tables; t++) {
                db.collection("t" + t, schema(t));
                Set<String> taken = new TreeSet<>();
                for (int n = 1 + random.nextInt(10); n > 0; n--) {
                    Row row = new Row(t, random.nextInt(300) - 20, "b" + random.nextInt(3));
                    if (taken.add(row.name())) {
                        rows.add(row);
                    }
                }
            }
            rows.forEach(this::put);
        }

        private RecordSchema schema(int table) {
            RecordSchema.Builder schema = RecordSchema.builder()
                    .field(Lab.required("a", FieldType.INTEGER))
                    .field(Lab.required("b", FieldType.TEXT))
                    .field("kind", FieldType.TEXT)
                    .key("a", "b");
            for (Link link : links) {
                if (link.from() == table) {
                    String x = "x" + link.number();
                    String y = "y" + link.number();
                    schema.field(Lab.required(x, FieldType.INTEGER));
                    if (link.required()) {
                        schema.field(Lab.required(y, FieldType.TEXT));
                    } else {
                        schema.field(y, FieldType.TEXT);
                    }
                    if (!link.declared()) {
                        schema.reference(new Reference("", link.fields(), "t" + link.to(), List.of("a", "b")));
                    }
                }
            }
            return schema.build();
        }

        private void put(Row row) {
            String kind = random.nextInt(4) == 0 ? null : "k" + random.nextInt(2);
            List<@Nullable Object> values = new ArrayList<>(List.of(row.a(), row.b()));
            values.add(kind);
            for (Link link : links) {
                if (link.from() == row.table()) {
                    List<Row> there = rows.stream()
                            .filter(one -> one.table() == link.to())
                            .toList();
                    Row parent = there.get(random.nextInt(there.size()));
                    int fate = random.nextInt(6);
                    values.add(fate == 0 ? 999 : parent.a());
                    boolean none = fate == 1 && !link.required();
                    values.add(none ? null : parent.b());
                    if (fate != 0
                            && !none
                            && (link.kind() == null || link.kind().equals(kind))) {
                        edges.add(new Edge(row, parent, link));
                    }
                }
            }
            db.put("t" + row.table(), Lab.values(values.toArray()));
        }

        void check(Lab lab) throws IOException {
            BackupPlan.Builder plan = BackupPlan.named("crm").source("db", db);
            links.stream().filter(Link::declared).forEach(link -> {
                RecordReferences.Builder builder = RecordReferences.from("db", "t" + link.from())
                        .fields(link.fields().toArray(new String[0]));
                if (link.kind() != null) {
                    builder.when("kind", link.kind());
                }
                plan.references(builder.to("t" + link.to(), "a", "b"));
            });
            lab.repository.backup(plan.build());
            for (int i = 0; i < 6; i++) {
                Row root = rows.get(random.nextInt(rows.size()));
                Selection selection = Selection.of("t" + root.table()).key(root.a(), root.b());
                Map<Row, Integer> expected = new HashMap<>(Map.of(root, 0));
                if (random.nextInt(3) > 0) {
                    int depth = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(3);
                    Predicate<Link> followed = link -> true;
                    List<Link> some =
                            links.stream().filter(link -> random.nextBoolean()).toList();
                    if (some.isEmpty() || random.nextBoolean()) {
                        selection = selection.withChildren();
                    } else if (random.nextBoolean()) {
                        Set<Integer> from = new TreeSet<>();
                        some.forEach(link -> from.add(link.from()));
                        followed = link -> from.contains(link.from());
                        selection = selection.withChildren(
                                from.stream().map(t -> "t" + t).toArray(String[]::new));
                    } else {
                        followed = some::contains;
                        for (Link link : some) {
                            selection = selection.withChildrenBy(
                                    "t" + link.from(), link.fields().toArray(new String[0]));
                        }
                    }
                    selection = depth == Integer.MAX_VALUE ? selection : selection.depth(depth);
                    grow(expected, followed, depth, true);
                }
                int parents = random.nextInt(3);
                if (parents == 0) {
                    selection = selection.withoutParents();
                } else {
                    selection = parents == 1 ? selection : selection.withParents();
                    expected.replaceAll((row, steps) -> 0);
                    grow(expected, parents == 1 ? Link::required : link -> true, Integer.MAX_VALUE, false);
                }
                Set<String> names = new TreeSet<>();
                expected.keySet().forEach(row -> names.add(row.name()));
                assertThat(restored(lab, selection))
                        .as("seed " + seed + ", " + selection + " of " + root)
                        .isEqualTo(names);
            }
        }

        private void grow(Map<Row, Integer> found, Predicate<Link> followed, int depth, boolean down) {
            for (int step = 0; step < depth; step++) {
                int at = step;
                Set<Row> next = new HashSet<>();
                for (Edge edge : edges) {
                    Row from = down ? edge.parent() : edge.child();
                    Row to = down ? edge.child() : edge.parent();
                    Integer steps = found.get(from);
                    if (steps != null && steps == at && followed.test(edge.link()) && !found.containsKey(to)) {
                        next.add(to);
                    }
                }
                if (next.isEmpty()) {
                    return;
                }
                next.forEach(row -> found.put(row, at + 1));
            }
        }
    }

    private static Set<String> restored(Lab lab, Selection selection) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        lab.repository.restore(RestorePlan.latest("crm")
                .only("db", selection)
                .into("db", target)
                .build());
        Set<String> names = new TreeSet<>();
        Lab.content(target).forEach((table, rows) -> rows.keySet().forEach(key -> names.add(table + "/" + key)));
        return names;
    }
}
