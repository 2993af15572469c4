package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.SnapshotDiff;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.report.FieldChange;
import io.crmbackup.report.RecordChange;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Differences between snapshots. */
class DiffTest {
    private Lab lab;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static RecordSchema.Builder contact() {
        return RecordSchema.builder()
                .field(Lab.required("id", FieldType.INTEGER))
                .field("name", FieldType.TEXT);
    }

    private static InMemorySource contacts() {
        return new InMemorySource().collection("contact", contact().key("id").build());
    }

    /** Changes as lines: kind, place, key, and before and after of each field that differs. */
    private List<String> diff(SnapshotId older, SnapshotId newer) {
        List<String> lines = new ArrayList<>();
        try (SnapshotDiff diff = lab.repository.diff(older, newer)) {
            for (RecordChange change : diff) {
                StringBuilder line = new StringBuilder(
                        change.kind() + " " + change.source() + "/" + change.collection() + ": " + change.key());
                for (FieldChange field : change.fields()) {
                    line.append(", ")
                            .append(field.field())
                            .append(' ')
                            .append(field.before())
                            .append(" -> ")
                            .append(field.after());
                }
                lines.add(line.toString());
            }
        }
        return lines;
    }

    @Test
    void changesAreToldToTheFieldInBothDirections() {
        InMemorySource db = contacts();
        for (int i = 1; i <= 5; i++) {
            db.put("contact", Lab.values(i, "name " + i));
        }
        SnapshotId first = lab.backup("db", db);
        db.put("contact", Lab.values(2, "new"))
                .put("contact", Lab.values(3, null))
                .remove("contact", Lab.intKey(4));
        db.put("contact", Lab.values(-1, "added"));
        SnapshotId second = lab.backup("db", db);
        assertThat(diff(first, second))
                .containsExactly(
                        "ADDED db/contact: -1, id null -> -1, name null -> added",
                        "CHANGED db/contact: 2, name name 2 -> new",
                        "CHANGED db/contact: 3, name name 3 -> null",
                        "REMOVED db/contact: 4, id 4 -> null, name name 4 -> null");
        assertThat(diff(second, first))
                .containsExactly(
                        "REMOVED db/contact: -1, id -1 -> null, name added -> null",
                        "CHANGED db/contact: 2, name new -> name 2",
                        "CHANGED db/contact: 3, name null -> name 3",
                        "ADDED db/contact: 4, id null -> 4, name null -> name 4");
    }

    @Test
    void changesCarryBothVersionsOfTheRecord() {
        InMemorySource db = contacts().put("contact", Lab.values(1, "old"));
        SnapshotId first = lab.backup("db", db);
        SnapshotId second = lab.backup("db", db.put("contact", Lab.values(1, "new")));
        try (SnapshotDiff diff = lab.repository.diff(first, second)) {
            RecordChange change = diff.iterator().next();
            assertThat(change.before()).containsEntry("id", "1").containsEntry("name", "old");
            assertThat(change.after()).containsEntry("id", "1").containsEntry("name", "new");
            assertThat(change.toString())
                    .contains("CHANGED db/contact: 1", "name")
                    .doesNotContain("old", "new");
            assertThat(change.fields().toString()).doesNotContain("old", "new");
        }
    }

    @Test
    void agreesWithAPlainComparisonOfRandomTables() {
        Random random = new Random(11);
        InMemorySource db = contacts();
        List<SnapshotId> ids = new ArrayList<>();
        List<TreeMap<Integer, String>> states = new ArrayList<>();
        TreeMap<Integer, String> state = new TreeMap<>();
        for (int run = 0; run < 4; run++) {
            for (int i = 0; i < (run == 0 ? 3000 : 40); i++) {
                int id = random.nextInt(5000);
                if (random.nextInt(4) == 0) {
                    state.remove(id);
                    db.remove("contact", Lab.intKey(id));
                } else {
                    String name = "name " + random.nextInt() + " ".repeat(random.nextInt(60));
                    state.put(id, name);
                    db.put("contact", Lab.values(id, name));
                }
            }
            ids.add(lab.backup("db", db));
            states.add(new TreeMap<>(state));
        }
        for (int a = 0; a < ids.size(); a++) {
            for (int b = 0; b < ids.size(); b++) {
                TreeMap<Integer, String> seen = new TreeMap<>(states.get(a));
                int changes = 0;
                try (SnapshotDiff diff = lab.repository.diff(ids.get(a), ids.get(b))) {
                    for (RecordChange change : diff) {
                        int id = Integer.parseInt(change.key());
                        changes++;
                        if (change.after() == null) {
                            seen.remove(id);
                        } else {
                            seen.put(id, String.valueOf(change.after().get("name")));
                        }
                    }
                }
                assertThat(seen).as("from %d to %d", a, b).isEqualTo(states.get(b));
                TreeMap<Integer, String> before = states.get(a);
                TreeMap<Integer, String> after = states.get(b);
                long expected = before.keySet().stream()
                                .filter(id -> !before.get(id).equals(after.get(id)))
                                .count()
                        + after.keySet().stream()
                                .filter(id -> !before.containsKey(id))
                                .count();
                assertThat(changes).isEqualTo((int) expected);
            }
        }
    }

    @Test
    void equalTreesAreNotRead() throws Exception {
        InMemorySource db = contacts();
        for (int i = 0; i < 20_000; i++) {
            db.put("contact", Lab.values(i, "name " + i * 31));
        }
        SnapshotId first = lab.backup("db", db);
        SnapshotId second = lab.backup("db", db);
        db.put("contact", Lab.values(77, "other"));
        SnapshotId third = lab.backup("db", db);
        InMemorySink stored = lab.sink.copy();
        try (var repository = lab.open(stored)) {
            repository.snapshots();
            try (SnapshotDiff diff = repository.diff(first, second)) {
                long opened = stored.count(Operation.Kind.GET);
                assertThat(diff.iterator().hasNext()).isFalse();
                assertThat(stored.count(Operation.Kind.GET)).isEqualTo(opened);
            }
            try (SnapshotDiff diff = repository.diff(first, third)) {
                long opened = stored.count(Operation.Kind.GET);
                assertThat(diff).hasSize(1);
                assertThat(stored.count(Operation.Kind.GET) - opened).isBetween(1L, 8L);
            }
        }
    }

    @Test
    void addedFieldShowsOnlyInRecordsThatHaveAValueThere() {
        InMemorySource db = contacts();
        db.put("contact", Lab.values(1, "a")).put("contact", Lab.values(2, "b"));
        SnapshotId first = lab.backup("db", db);
        InMemorySource wider = new InMemorySource()
                .collection(
                        "contact",
                        contact().field("phone", FieldType.TEXT).key("id").build());
        wider.put("contact", Lab.values(1, "a", null)).put("contact", Lab.values(2, "b", "+47"));
        SnapshotId second = lab.backup("db", wider);
        assertThat(diff(first, second)).containsExactly("CHANGED db/contact: 2, phone null -> +47");
        assertThat(diff(second, first)).containsExactly("CHANGED db/contact: 2, phone +47 -> null");
    }

    @Test
    void renamedFieldShowsInEveryRecordThatHasAValueThere() {
        SnapshotId first =
                lab.backup("db", contacts().put("contact", Lab.values(1, "a")).put("contact", Lab.values(2, null)));
        InMemorySource renamed = new InMemorySource()
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("title", FieldType.TEXT)
                                .key("id")
                                .build());
        renamed.put("contact", Lab.values(1, "a")).put("contact", Lab.values(2, null));
        SnapshotId second = lab.backup("db", renamed);
        assertThat(diff(first, second)).containsExactly("CHANGED db/contact: 1, title null -> a, name a -> null");
    }

    @Test
    void swappedFieldsAreNotTakenForChanges() {
        SnapshotId first = lab.backup("db", contacts().put("contact", Lab.values(1, "a")));
        InMemorySource swapped = new InMemorySource()
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field("name", FieldType.TEXT)
                                .field(Lab.required("id", FieldType.INTEGER))
                                .key("id")
                                .build());
        SnapshotId second = lab.backup("db", swapped.put("contact", Lab.values("a", 1)));
        assertThat(diff(first, second)).isEmpty();
    }

    @Test
    void anotherKeyMakesOtherRecords() {
        SnapshotId first = lab.backup("db", contacts().put("contact", Lab.values(1, "2")));
        InMemorySource other =
                new InMemorySource().collection("contact", contact().key("name").build());
        SnapshotId second = lab.backup("db", other.put("contact", Lab.values(1, "2")));
        assertThat(diff(first, second))
                .containsExactly(
                        "REMOVED db/contact: 1, id 1 -> null, name 2 -> null",
                        "ADDED db/contact: 2, id null -> 1, name null -> 2");
    }

    @Test
    void collectionsAndSourcesThatComeOrGoShowAllTheirRecords() {
        InMemorySource one = contacts().put("contact", Lab.values(1, "a"));
        InMemorySource two = new InMemorySource()
                .collection("account", contact().key("id").build())
                .put("account", Lab.values(7, "x"));
        SnapshotId first = lab.backup("db", one, "old", one);
        SnapshotId second = lab.backup("db", two, "new", one);
        assertThat(diff(first, second))
                .containsExactly(
                        "ADDED db/account: 7, id null -> 7, name null -> x",
                        "REMOVED db/contact: 1, id 1 -> null, name a -> null",
                        "ADDED new/contact: 1, id null -> 1, name null -> a",
                        "REMOVED old/contact: 1, id 1 -> null, name a -> null");
    }

    @Test
    void recordsWithoutKeyAreAddedAndRemoved() {
        RecordSchema log = RecordSchema.builder().field("line", FieldType.TEXT).build();
        SnapshotId first = lab.backup(
                "db",
                new InMemorySource()
                        .collection("log", log)
                        .put("log", Lab.values("a"))
                        .put("log", Lab.values("b")));
        SnapshotId second = lab.backup(
                "db",
                new InMemorySource()
                        .collection("log", log)
                        .put("log", Lab.values("b"))
                        .put("log", Lab.values("b")));
        assertThat(diff(first, second))
                .containsExactlyInAnyOrder("REMOVED db/log: , line a -> null", "ADDED db/log: , line null -> b");
    }

    @Test
    void contentsDifferByTheirBytes() {
        InMemorySource files = new InMemorySource().collection("files", Lab.FILES);
        byte[] large = Lab.random(200_000, 1);
        files.put("files", RecordKey.path("a/large.bin"), Lab.values("rw", large));
        files.put("files", RecordKey.path("a/same.bin"), Lab.values("rw", large));
        SnapshotId first = lab.backup("files", files);
        byte[] changed = large.clone();
        changed[150_000] ^= 1;
        files.put("files", RecordKey.path("a/large.bin"), Lab.values("rw", changed));
        SnapshotId second = lab.backup("files", files);
        assertThat(diff(first, second))
                .containsExactly("CHANGED files/files: a/large.bin, content (200000 bytes) -> (200000 bytes)");
    }

    @Test
    void keysAreReadableAndCannotForgeLines() {
        InMemorySource db = new InMemorySource()
                .collection(
                        "pair",
                        RecordSchema.builder()
                                .field("a", FieldType.TEXT)
                                .field("b", FieldType.INTEGER)
                                .key("a", "b")
                                .build())
                .collection("files", Lab.FILES);
        SnapshotId first = lab.backup("db", db);
        String key = "k".repeat(2000);
        db.put("pair", Lab.values("x\ny\u001b[2J", 300)).put("pair", Lab.values(key, -1));
        db.put("files", RecordKey.path("in/evil\nADDED"), Lab.values("rw", "é".getBytes(StandardCharsets.UTF_8)));
        SnapshotId second = lab.backup("db", db);
        List<String> keys = new ArrayList<>();
        try (SnapshotDiff diff = lab.repository.diff(first, second)) {
            diff.forEach(change -> keys.add(change.key()));
        }
        assertThat(keys).containsExactlyInAnyOrder("x\\x0ay\\x1b[2J, 300", key + ", -1", "in/evil\\x0aADDED");
    }

    @Test
    void diffIsIteratedOnceAndNotAfterClose() {
        InMemorySource db = contacts().put("contact", Lab.values(1, "a"));
        SnapshotId first = lab.backup("db", db);
        SnapshotId second = lab.backup("db", db.put("contact", Lab.values(2, "b")));
        SnapshotDiff diff = lab.repository.diff(first, second);
        Iterator<RecordChange> changes = diff.iterator();
        assertThatThrownBy(diff::iterator)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("once");
        diff.close();
        diff.close();
        assertThatThrownBy(changes::hasNext)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void unknownSnapshotIsRefused() {
        SnapshotId known = lab.backup("db", contacts());
        SnapshotId unknown = SnapshotId.of("f".repeat(32));
        assertThatThrownBy(() -> lab.repository.diff(known, unknown)).isInstanceOf(SnapshotNotFoundException.class);
        assertThatThrownBy(() -> lab.repository.diff(unknown, known))
                .isInstanceOf(SnapshotNotFoundException.class)
                .hasMessageContaining(unknown.hex());
    }
}
