package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.IncompleteBackupException;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Undoing between snapshots that differ in more than their records. */
class UndoOfDriftTest {
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
                .field("name", FieldType.TEXT)
                .key("id");
    }

    private static RecordSchema note() {
        return RecordSchema.builder()
                .field(Lab.required("id", FieldType.INTEGER))
                .field("contact", FieldType.INTEGER)
                .key("id")
                .reference(Lab.to("contact", "contact", "id"))
                .build();
    }

    private SnapshotId backup(InMemorySource db) {
        lab.turn(Duration.ofHours(1));
        return lab.backup("db", db);
    }

    private static RestorePlan plan(SnapshotId before, SnapshotId after, UndoingTarget target, Selection... some) {
        RestorePlan.Builder plan = RestorePlan.snapshot(before).undoing(after).into("db", target);
        for (Selection selection : some) {
            plan.only("db", selection);
        }
        return plan.build();
    }

    private Map<String, Map<String, String>> undo(SnapshotId before, SnapshotId after, Selection... selections) {
        UndoingTarget target = new UndoingTarget();
        lab.repository.restore(plan(before, after, target, selections));
        return target.undone;
    }

    private SnapshotId partial(InMemorySource db) {
        try {
            backup(db);
            throw new AssertionError("the backup should be incomplete");
        } catch (IncompleteBackupException e) {
            db.heal();
            return e.report().snapshot();
        }
    }

    @Test
    void whatARestorePointCouldNotReadIsNotTakenForAdded() {
        InMemorySource db = new InMemorySource()
                .collection("contact", contact().build())
                .put("contact", Lab.values(1, "Ada"))
                .put("contact", Lab.values(2, "Blaise"))
                .unreadable("contact", Lab.intKey(2));
        SnapshotId before = partial(db);
        db.put("contact", Lab.values(1, "ADA"));
        SnapshotId after = backup(db);
        assertThat(undo(before, after)).isEqualTo(Map.of("contact", Map.of("1", "1,Ada <- 1,ADA")));
        try (PreparedRestore restore = lab.repository.prepare(plan(before, after, new UndoingTarget()))) {
            assertThat(restore.preview().notes())
                    .anySatisfy(note -> assertThat(note).contains("stay, as the restore point is PARTIAL"));
        }
    }

    @Test
    void recordsOfCollectionsThatAreGoneComeBack() {
        SnapshotId before = backup(new InMemorySource()
                .collection("contact", contact().build())
                .collection("note", note())
                .put("contact", Lab.values(1, "Ada"))
                .put("note", Lab.values(7, 1)));
        SnapshotId after = backup(
                new InMemorySource().collection("contact", contact().build()).put("contact", Lab.values(1, "Ada")));
        Selection ada = Selection.of("contact").key(1);
        Map<String, Map<String, String>> note = Map.of("note", Map.of("7", "7,1 <- -"));
        assertThat(undo(before, after, ada.withChildren())).isEqualTo(note);
        assertThat(undo(before, after, ada.withChildren("note"))).isEqualTo(note);
        assertThat(undo(before, after, Selection.of("note").key(7))).isEqualTo(note);
        assertThatThrownBy(() -> undo(before, after, Selection.of("note").key(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("collection note has no record with key 8 in either snapshot");
        assertThatThrownBy(() -> undo(before, after, ada.withChildren("fax")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fax");
    }

    @Test
    void addedRecordsAreFoundByTheirValuesWhateverOtherFieldsThereAre() {
        SnapshotId before = backup(
                new InMemorySource().collection("contact", contact().build()).put("contact", Lab.values(1, "Ada")));
        SnapshotId after = backup(new InMemorySource()
                .collection("contact", contact().field("mail", FieldType.TEXT).build())
                .put("contact", Lab.values(1, "Ada", null))
                .put("contact", Lab.values(2, "import 7", "x"))
                .put("contact", Lab.values(3, "Carl", "y")));
        Selection imported = Selection.of("contact").where("name", "import 7");
        Map<String, Map<String, String>> second = Map.of("contact", Map.of("2", "- <- 2,import 7"));
        assertThat(undo(before, after, imported)).isEqualTo(second);
    }

    @Test
    void conditionsOnFieldsThatAreGoneMeanTheRestorePoint() {
        SnapshotId before = backup(new InMemorySource()
                .collection("contact", contact().field("mail", FieldType.TEXT).build())
                .collection("note", note())
                .put("contact", Lab.values(1, "Ada", "a@x"))
                .put("contact", Lab.values(2, "Blaise", "b@x"))
                .put("note", Lab.values(7, 1)));
        SnapshotId after = backup(new InMemorySource()
                .collection("contact", contact().build())
                .collection("note", note())
                .put("contact", Lab.values(2, "BLAISE")));
        Selection ada = Selection.of("contact").where("mail", "a@x");
        assertThat(undo(before, after, ada)).isEqualTo(Map.of("contact", Map.of("1", "1,Ada,a@x <- -")));
        assertThat(undo(before, after, ada.withChildren()))
                .isEqualTo(Map.of("contact", Map.of("1", "1,Ada,a@x <- -"), "note", Map.of("7", "7,1 <- -")));
    }

    @Test
    void filesOfOneSourceAreNotBroughtAndUndoneAtOnce() {
        InMemorySource db =
                new InMemorySource().collection("contact", contact().build()).put("contact", Lab.values(1, "1.txt"));
        InMemorySource files = new InMemorySource()
                .collection("files", Lab.FILES)
                .put("files", RecordKey.path("1.txt"), Lab.values("rw", new byte[] {1}));
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", db)
                .source("files", files)
                .references(FileReferences.from("db", "contact").path("name").in("files"))
                .build();
        SnapshotId before = lab.repository.backup(plan).snapshot();
        db.remove("contact", Lab.intKey(1));
        lab.turn(Duration.ofHours(1));
        SnapshotId after = lab.repository.backup(plan).snapshot();
        RestorePlan restore = RestorePlan.snapshot(before)
                .undoing(after)
                .only("db", Selection.of("contact").withFiles())
                .only("files", Selection.of("files").key("1.txt"))
                .into("db", new UndoingTarget())
                .into("files", new UndoingTarget())
                .build();
        assertThatThrownBy(() -> lab.repository.restore(restore))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one after the other");
    }

    @Test
    void keysOfAnotherTypeAreRefused() {
        SnapshotId before = backup(
                new InMemorySource().collection("contact", contact().build()).put("contact", Lab.values(1, "Ada")));
        SnapshotId after = backup(new InMemorySource()
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.TEXT))
                                .field("name", FieldType.TEXT)
                                .key("id")
                                .build())
                .put("contact", Lab.values(1, "Ada")));
        try (PreparedRestore restore = lab.repository.prepare(plan(before, after, new UndoingTarget()))) {
            assertThat(restore.preview().blockers())
                    .containsExactly("db: the key of collection contact was [id INTEGER] at the restore point and"
                            + " [id TEXT] later: its changes can't be undone");
        }
    }
}
