package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undoing what changed between two snapshots. */
class UndoTest {
    private Lab lab;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static RecordSchema contact() {
        return RecordSchema.builder()
                .field(Lab.required("id", FieldType.INTEGER))
                .field("name", FieldType.TEXT)
                .field("mail", FieldType.TEXT)
                .key("id")
                .build();
    }

    private SnapshotId backup(InMemorySource db) {
        lab.turn(Duration.ofHours(1));
        return lab.backup("db", db);
    }

    private UndoingTarget undo(SnapshotId before, SnapshotId after, Selection... selections) {
        UndoingTarget target = new UndoingTarget();
        RestorePlan.Builder plan = RestorePlan.snapshot(before).undoing(after).into("db", target);
        for (Selection selection : selections) {
            plan.only("db", selection);
        }
        lab.repository.restore(plan.build());
        return target;
    }

    /** One change of everything: 1 changed, 2 removed, 3 stays, 4 added. */
    private SnapshotId[] twoStates() {
        InMemorySource db = new InMemorySource().collection("contact", contact());
        db.put("contact", Lab.values(1, "Ada", "a@x"));
        db.put("contact", Lab.values(2, "Blaise", null));
        db.put("contact", Lab.values(3, "Carl", "c@x"));
        SnapshotId before = backup(db);
        db.put("contact", Lab.values(1, "ADA", "A@X"));
        db.remove("contact", Lab.intKey(2));
        db.put("contact", Lab.values(4, "Dora", "d@x"));
        return new SnapshotId[] {before, backup(db)};
    }

    @Test
    void givesBothStatesOfWhatChanged() {
        SnapshotId[] states = twoStates();
        UndoingTarget target = undo(states[0], states[1]);
        assertThat(target.undone)
                .isEqualTo(Map.of(
                        "contact",
                        Map.of("1", "1,Ada,a@x <- 1,ADA,A@X", "2", "2,Blaise,null <- -", "4", "- <- 4,Dora,d@x")));
        assertThat(target.records).containsEntry("contact", 2L);
    }

    @Test
    void previewTellsWhatIsUndone() {
        SnapshotId[] states = twoStates();
        try (PreparedRestore restore = lab.repository.prepare(RestorePlan.snapshot(states[0])
                .undoing(states[1])
                .into("db", new UndoingTarget())
                .build())) {
            assertThat(restore.preview().notes())
                    .containsExactly(
                            "db/contact: 1 added, 1 changed and 1 removed since the restore point, to be undone");
            assertThat(restore.preview().collections())
                    .containsExactly(new RestorePreview.Part("db", "contact", 3, false));
        }
        try (PreparedRestore restore = lab.repository.prepare(RestorePlan.snapshot(states[0])
                .undoing(states[1])
                .only("db", Selection.of("contact").key(3))
                .into("db", new UndoingTarget())
                .build())) {
            assertThat(restore.preview().notes())
                    .containsExactly("nothing is undone of source db: nothing of what is meant changed");
        }
    }

    @Test
    void selectionsMeanRecordsOfEitherState() {
        SnapshotId[] states = twoStates();
        Selection contact = Selection.of("contact");
        assertThat(undo(states[0], states[1], contact.key(4).key(3)).undone.get("contact"))
                .containsOnlyKeys("4");
        assertThat(undo(states[0], states[1], contact.where("mail", "a@x"))
                        .undone
                        .get("contact"))
                .containsOnlyKeys("1");
        assertThat(undo(states[0], states[1], contact.where("mail", "A@X"), contact.where("name", "Dora"))
                        .undone
                        .get("contact"))
                .containsOnlyKeys("1", "4");
        assertThat(undo(states[0], states[1], contact.whereNull("mail")).undone.get("contact"))
                .containsOnlyKeys("2");
        assertThat(undo(states[0], states[1], contact).undone.get("contact")).hasSize(3);
        assertThatThrownBy(() -> undo(states[0], states[1], contact.key(9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("collection contact has no record with key 9 in either snapshot");
        assertThatThrownBy(() -> undo(states[0], states[1], Selection.paths("*")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not in paths");
    }

    @Test
    void onlyFieldsThatWereNamedGoBack() {
        SnapshotId[] states = twoStates();
        Selection mail = Selection.of("contact").fields("MAIL");
        assertThat(undo(states[0], states[1], mail).undone)
                .isEqualTo(Map.of("contact", Map.of("1", "1,ADA,a@x <- 1,ADA,A@X")));
        assertThatThrownBy(
                        () -> undo(states[0], states[1], Selection.of("contact").fields("fax")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no field \"fax\"");
        assertThatThrownBy(() ->
                        undo(states[0], states[1], mail, Selection.of("contact").key(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("different fields");
        assertThatThrownBy(() -> RestorePlan.snapshot(states[0])
                        .only("db", mail)
                        .into("db", InMemoryTarget.empty())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(".undoing(");
        assertThatThrownBy(() -> RestorePlan.snapshot(states[0])
                        .undoing(states[1])
                        .into("db", new UndoingTarget())
                        .verify()
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("leave out .verify()");
    }

    @Test
    void targetsThatCanNotUndoRefuseBeforeTheyAreOpened() {
        SnapshotId[] states = twoStates();
        WrappedTarget target = new WrappedTarget(InMemoryTarget.empty());
        RestorePlan plan = RestorePlan.snapshot(states[0])
                .undoing(states[1])
                .into("db", target)
                .build();
        try (PreparedRestore restore = lab.repository.prepare(plan)) {
            assertThat(restore.preview().blockers()).singleElement().asString().contains("db: ", "can't undo changes");
            assertThatThrownBy(restore::execute).isInstanceOf(RestoreRefusedException.class);
        }
        assertThat(target.calls).isEmpty();
    }

    @Test
    void whatIsUndoneIsLater() {
        SnapshotId[] states = twoStates();
        assertThatThrownBy(() -> undo(states[1], states[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not later than");
        assertThatThrownBy(() -> undo(states[0], states[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fieldsAreFoundByNameAndTypeWhereverTheyAre() {
        InMemorySource old = new InMemorySource().collection("contact", contact());
        old.put("contact", Lab.values(1, "Ada", "a@x"));
        old.put("contact", Lab.values(2, "Blaise", "b@x"));
        old.put("contact", Lab.values(3, "Carl", null));
        SnapshotId before = backup(old);
        InMemorySource drifted = new InMemorySource()
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field("phone", FieldType.TEXT)
                                .field("name", FieldType.TEXT)
                                .field(Lab.required("id", FieldType.INTEGER))
                                .key("id")
                                .build());
        drifted.put("contact", Lab.values("1", "ADA", 1));
        drifted.put("contact", Lab.values("3", "Carl", 3));
        drifted.put("contact", Lab.values("4", "Dora", 4));
        SnapshotId after = backup(drifted);
        assertThat(undo(before, after).undone)
                .isEqualTo(Map.of(
                        "contact",
                        Map.of("1", "1,Ada,a@x <- 1,ADA,null", "2", "2,Blaise,b@x <- -", "4", "- <- 4,Dora,null")));
        assertThat(undo(before, after, Selection.of("contact").fields("name")).undone)
                .isEqualTo(Map.of("contact", Map.of("1", "1,Ada,null <- 1,ADA,null")));
    }

    @Test
    void otherKeysAreRefusedAndOtherCollectionsSaid() {
        InMemorySource old = new InMemorySource()
                .collection("contact", contact())
                .collection("gone", contact())
                .put("contact", Lab.values(1, "Ada", "a@x"))
                .put("gone", Lab.values(7, "x", "y"));
        SnapshotId before = backup(old);
        InMemorySource other = new InMemorySource()
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field("id", FieldType.INTEGER)
                                .field("mail", FieldType.TEXT)
                                .key("mail")
                                .build())
                .collection("new", contact());
        SnapshotId after = backup(other);
        RestorePlan.Builder plan = RestorePlan.snapshot(before).undoing(after);
        try (PreparedRestore restore =
                lab.repository.prepare(plan.into("db", new UndoingTarget()).build())) {
            assertThat(restore.preview().blockers())
                    .containsExactly(
                            "db: the key of collection contact was [id INTEGER] at the restore point and [mail TEXT]"
                                    + " later: its changes can't be undone");
            assertThat(restore.preview().notes())
                    .contains("db/new was added after the restore point and stays as it is");
        }
        assertThat(undo(before, after, Selection.of("gone")).undone)
                .isEqualTo(Map.of("gone", Map.of("7", "7,x,y <- -")));
    }

    @Test
    void parentsThatWentWithARecordComeBackWithIt() {
        InMemorySource db = new InMemorySource()
                .collection("account", contact())
                .collection(
                        "person",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field(Lab.required("account", FieldType.INTEGER))
                                .key("id")
                                .reference(Lab.to("account", "account", "id"))
                                .build());
        db.put("account", Lab.values(1, "One", null)).put("account", Lab.values(2, "Two", null));
        db.put("person", Lab.values(10, 1)).put("person", Lab.values(11, 2)).put("person", Lab.values(12, 2));
        SnapshotId before = backup(db);
        for (int account : List.of(1, 2)) {
            db.remove("account", Lab.intKey(account));
        }
        for (int person : List.of(10, 11, 12)) {
            db.remove("person", Lab.intKey(person));
        }
        SnapshotId after = backup(db);
        assertThat(undo(before, after, Selection.of("person").key(11)).undone)
                .isEqualTo(Map.of("account", Map.of("2", "2,Two,null <- - *"), "person", Map.of("11", "11,2 <- -")));
        assertThat(undo(before, after, Selection.of("person").where("account", 1)).undone)
                .isEqualTo(Map.of("account", Map.of("1", "1,One,null <- - *"), "person", Map.of("10", "10,1 <- -")));
        assertThat(undo(before, after, Selection.of("account").key(2).withChildren()).undone)
                .isEqualTo(Map.of(
                        "account",
                        Map.of("2", "2,Two,null <- -"),
                        "person",
                        Map.of("11", "11,2 <- -", "12", "12,2 <- -")));
    }

    @Test
    void filesComeWithRecordsThatGoBackAndFileTreesAloneDoNot() throws Exception {
        InMemorySource db = new InMemorySource().collection("contact", contact());
        InMemorySource files = new InMemorySource().collection("files", Lab.FILES);
        for (int i = 1; i <= 3; i++) {
            db.put("contact", Lab.values(i, "n" + i, i + ".txt"));
            files.put("files", RecordKey.path(i + ".txt"), Lab.values("rw", new byte[] {(byte) ('0' + i)}));
        }
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", db)
                .source("files", files)
                .references(FileReferences.from("db", "contact").path("mail").in("files"))
                .build();
        SnapshotId before = lab.repository.backup(plan).snapshot();
        db.remove("contact", Lab.intKey(2));
        files.remove("files", RecordKey.path("2.txt"));
        lab.turn(Duration.ofHours(1));
        SnapshotId after = lab.repository.backup(plan).snapshot();
        InMemoryTarget folder = InMemoryTarget.empty();
        UndoingTarget target = new UndoingTarget();
        lab.repository.restore(RestorePlan.snapshot(before)
                .undoing(after)
                .only("db", Selection.of("contact").withFiles())
                .into("db", target)
                .into("files", folder)
                .build());
        assertThat(target.undone.get("contact")).containsOnlyKeys("2");
        assertThat(Lab.content(folder).get("files")).containsOnlyKeys("2.txt");
        try (PreparedRestore restore = lab.repository.prepare(RestorePlan.snapshot(before)
                .undoing(after)
                .into("files", InMemoryTarget.empty())
                .build())) {
            assertThat(restore.preview().blockers()).singleElement().asString().contains("files: ", "can't undo");
        }
    }

    @Test
    void longKeysComeInTheirOrder() {
        RecordSchema schema = RecordSchema.builder()
                .field(Lab.required("id", FieldType.TEXT))
                .field("v", FieldType.TEXT)
                .key("id")
                .build();
        InMemorySource db = new InMemorySource().collection("t", schema);
        String begin = "x".repeat(1100);
        for (int i = 0; i < 20; i++) {
            db.put("t", Lab.values(begin + (100 + i), "a"));
        }
        SnapshotId before = backup(db);
        for (int i = 0; i < 20; i += 2) {
            db.put("t", Lab.values(begin + (100 + i), "b"));
        }
        db.put("t", Lab.values(begin + "107a", "c"));
        UndoingTarget target = undo(before, backup(db));
        assertThat(target.keys).hasSize(11).isSorted();
        assertThat(target.undone.get("t")).containsEntry(begin + "107a", "- <- " + begin + "107a,c");
    }

    @Test
    void undoIsTheDifferenceOfTwoMaps() {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            InMemorySource db = new InMemorySource().collection("contact", contact());
            Map<Integer, List<@Nullable Object>> state = new TreeMap<>();
            edit(db, state, random, 30);
            Map<Integer, List<@Nullable Object>> old = new TreeMap<>(state);
            SnapshotId before = backup(db);
            for (int step = random.nextInt(3); step >= 0; step--) {
                edit(db, state, random, random.nextInt(15));
                backup(db);
            }
            SnapshotId after = backup(db);
            String name = "n" + random.nextInt(3);
            boolean where = random.nextBoolean();
            boolean fields = random.nextBoolean();
            BiFunction<@Nullable List<@Nullable Object>, Integer, Boolean> is =
                    (row, field) -> row != null && Objects.equals(row.get(field), name);
            Map<String, String> expected = new TreeMap<>();
            Set<Integer> keys = new TreeSet<>(old.keySet());
            keys.addAll(state.keySet());
            for (int key : keys) {
                List<@Nullable Object> was = old.get(key);
                List<@Nullable Object> now = state.get(key);
                boolean meant = !where || is.apply(was, 1) || is.apply(now, 1);
                if (fields) {
                    if (meant && was != null && now != null && !Objects.equals(was.get(2), now.get(2))) {
                        expected.put("" + key, text(Arrays.asList(key, now.get(1), was.get(2))) + " <- " + text(now));
                    }
                } else if (meant && !Objects.equals(was, now)) {
                    expected.put("" + key, text(was) + " <- " + text(now));
                }
            }
            Selection selection = Selection.of("contact");
            selection = where ? selection.where("name", name) : selection;
            selection = fields ? selection.fields("mail") : selection;
            assertThat(undo(before, after, selection).undone.getOrDefault("contact", Map.of()))
                    .as("seed " + seed + ", " + selection)
                    .isEqualTo(expected);
        }
    }

    private static void edit(InMemorySource db, Map<Integer, List<@Nullable Object>> state, Random random, int edits) {
        for (int i = 0; i < edits; i++) {
            int key = random.nextInt(40);
            if (random.nextInt(4) == 0) {
                state.remove(key);
                db.remove("contact", Lab.intKey(key));
            } else {
                List<@Nullable Object> row = new ArrayList<>();
                row.add(key);
                row.add("n" + random.nextInt(3));
                row.add(random.nextInt(4) == 0 ? null : "m" + random.nextInt(3));
                state.put(key, row);
                db.put("contact", Lab.values(row.toArray()));
            }
        }
    }

    private static String text(@Nullable List<@Nullable Object> row) {
        if (row == null) {
            return "-";
        }
        List<String> texts = new ArrayList<>();
        row.forEach(value -> texts.add(String.valueOf(value)));
        return String.join(",", texts);
    }
}
