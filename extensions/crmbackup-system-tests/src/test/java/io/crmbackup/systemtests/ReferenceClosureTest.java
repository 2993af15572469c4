package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Selections with parents and children against a plain transitive closure, over random tables, references and rows. */
class ReferenceClosureTest {
    @TempDir
    private Path work;

    /** A row: its table, its key, and a second unique value that others may refer to instead. */
    private record Row(String table, int id, int other) {}

    /** A reference from a field of a table to the key, or the second value, of another or the same. */
    private record Link(String from, int field, String to, String target) {}

    @Test
    void selectsTheTransitiveClosure() throws IOException {
        try (Lab lab = new Lab(work)) {
            for (long seed = 0; seed < 40; seed++) {
                checkOne(lab, seed);
            }
        }
    }

    private static void checkOne(Lab lab, long seed) throws IOException {
        Random random = new Random(seed);
        int tables = 1 + random.nextInt(5);
        List<Link> links = new ArrayList<>();
        InMemorySource db = new InMemorySource();
        for (int t = 0; t < tables; t++) {
            RecordSchema.Builder schema = RecordSchema.builder()
                    .field(Lab.required("id", FieldType.INTEGER))
                    .field("other", FieldType.TEXT);
            int fields = random.nextInt(4);
            for (int f = 0; f < fields; f++) {
                Link link = new Link("t" + t, f, "t" + random.nextInt(tables), random.nextInt(3) > 0 ? "id" : "other");
                links.add(link);
                schema.field("f" + f, link.target().equals("id") ? FieldType.INTEGER : FieldType.TEXT);
                schema.reference(Lab.to(link.to(), "f" + f, link.target()));
            }
            db.collection("t" + t, schema.key("id").build());
        }
        Map<Row, Set<Row>> parents = rows(db, tables, links, random);
        Map<Row, Set<Row>> children = new HashMap<>();
        parents.keySet().forEach(row -> children.put(row, new HashSet<>()));
        parents.forEach((row, of) -> of.forEach(parent -> children.get(parent).add(row)));
        lab.backup("db", db);
        List<Row> all = new ArrayList<>(parents.keySet());
        for (int i = 0; i < 3; i++) {
            Row root = all.get(random.nextInt(all.size()));
            Selection key = Selection.of(root.table()).key(root.id());
            String what = "seed " + seed + ", root " + root;
            Set<Row> up = closure(Set.of(root), parents::get);
            Set<Row> down = closure(Set.of(root), children::get);
            assertThat(restored(lab, key.withParents())).as(what).isEqualTo(names(up));
            assertThat(restored(lab, key.withChildren())).as(what).isEqualTo(names(down));
            assertThat(restored(lab, key.withChildren().withParents()))
                    .as(what)
                    .isEqualTo(names(closure(down, parents::get)));
        }
    }

    private static Map<Row, Set<Row>> rows(InMemorySource db, int tables, List<Link> links, Random random) {
        Map<Row, Set<Row>> parents = new HashMap<>();
        List<Row> all = new ArrayList<>();
        for (int t = 0; t < tables; t++) {
            int count = 1 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                all.add(new Row("t" + t, i - 3, 100 + i));
            }
        }
        for (Row row : all) {
            Set<Row> of = new HashSet<>();
            List<@Nullable Object> values = new ArrayList<>(List.of(row.id(), "o" + row.other()));
            for (Link link : links) {
                if (link.from().equals(row.table())) {
                    List<Row> there = all.stream()
                            .filter(one -> one.table().equals(link.to()))
                            .toList();
                    Row parent = there.get(random.nextInt(there.size()));
                    int kind = random.nextInt(6);
                    if (kind == 0) {
                        values.add(null);
                    } else if (kind == 1) {
                        values.add(link.target().equals("id") ? 999 : "dangling");
                    } else {
                        of.add(parent);
                        values.add(link.target().equals("id") ? parent.id() : "o" + parent.other());
                    }
                }
            }
            parents.put(row, of);
            db.put(row.table(), Lab.values(values.toArray()));
        }
        return parents;
    }

    private static Set<Row> closure(Set<Row> begin, Function<Row, Set<Row>> next) {
        Set<Row> found = new HashSet<>(begin);
        List<Row> open = new ArrayList<>(begin);
        while (!open.isEmpty()) {
            for (Row row : next.apply(open.remove(open.size() - 1))) {
                if (found.add(row)) {
                    open.add(row);
                }
            }
        }
        return found;
    }

    private static Set<String> names(Set<Row> rows) {
        Set<String> names = new TreeSet<>();
        rows.forEach(row -> names.add(row.table() + "/" + row.id()));
        return names;
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
