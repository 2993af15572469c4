package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** References that only the application knows, children that are chosen, and parents that records can't be without. */
class RecordReferencesTest {
    private static final RecordReferences TO_CONTACT = RecordReferences.from("db", "note")
            .fields("entity_id")
            .when("entity_type", "Contact")
            .to("contact", "id");
    private static final RecordReferences TO_ACCOUNT = RecordReferences.from("db", "NOTE")
            .fields("Entity_Id")
            .when("entity_type", "Account")
            .to("account", "id");

    private Lab lab;
    private InMemorySource db;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
        db = new InMemorySource()
                .collection(
                        "account",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("head", FieldType.INTEGER)
                                .key("id")
                                .reference(Lab.to("account", "head", "id"))
                                .build())
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field(Lab.required("account_id", FieldType.INTEGER))
                                .field("boss_id", FieldType.INTEGER)
                                .key("id")
                                .reference(Lab.to("account", "account_id", "id"))
                                .reference(Lab.to("contact", "boss_id", "id"))
                                .build())
                .collection(
                        "task",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("contact_id", FieldType.INTEGER)
                                .field("done_by", FieldType.INTEGER)
                                .key("id")
                                .reference(Lab.to("contact", "contact_id", "id"))
                                .reference(Lab.to("contact", "done_by", "id"))
                                .build())
                .collection(
                        "note",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("entity_type", FieldType.TEXT)
                                .field("entity_id", FieldType.INTEGER)
                                .key("id")
                                .build())
                .collection(
                        "part",
                        RecordSchema.builder()
                                .field(Lab.required("note_id", FieldType.INTEGER))
                                .field(Lab.required("n", FieldType.INTEGER))
                                .key("note_id", "n")
                                .reference(Lab.to("note", "note_id", "id"))
                                .build());
        db.put("account", Lab.values(1, null));
        db.put("account", Lab.values(2, 1));
        db.put("contact", Lab.values(1, 2, null));
        db.put("contact", Lab.values(2, 2, 1));
        db.put("contact", Lab.values(3, 1, 2));
        db.put("task", Lab.values(1, 1, 2));
        db.put("task", Lab.values(2, 2, 1));
        db.put("note", Lab.values(1, "Contact", 1));
        db.put("note", Lab.values(2, "Account", 1));
        db.put("note", Lab.values(3, "Contact", 9));
        db.put("note", Lab.values(4, null, 1));
        db.put("part", Lab.values(1, 1));
        db.put("part", Lab.values(1, 2));
        db.put("part", Lab.values(2, 1));
        lab.repository.backup(BackupPlan.named("crm")
                .source("db", db)
                .references(TO_CONTACT)
                .references(TO_ACCOUNT)
                .build());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static Set<String> names(InMemoryTarget target) throws IOException {
        Set<String> names = new TreeSet<>();
        Lab.content(target).forEach((table, rows) -> rows.keySet().forEach(key -> names.add(table + " " + key)));
        return names;
    }

    private Set<String> restored(Selection selection, RecordReferences... told) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        RestorePlan.Builder plan =
                RestorePlan.latest("crm").only("db", selection).into("db", target);
        for (RecordReferences one : told) {
            plan.references(one);
        }
        lab.repository.restore(plan.build());
        return names(target);
    }

    private RestorePreview preview(Selection selection) {
        try (PreparedRestore restore = lab.repository.prepare(RestorePlan.latest("crm")
                .only("db", selection)
                .into("db", InMemoryTarget.empty())
                .build())) {
            return restore.preview();
        }
    }

    @Test
    void whatThePlanToldIsFollowedYearsLater() throws IOException {
        Selection contact = Selection.of("contact").key(1);
        assertThat(restored(contact.withoutParents().withChildren("note", "part")))
                .containsExactly("contact 1", "note 1", "part 1/1", "part 1/2");
        assertThat(restored(Selection.of("note").key(2).withParents())).containsExactly("account 1", "note 2");
        assertThat(restored(Selection.of("note").key(4).withParents())).containsExactly("note 4");
    }

    @Test
    void whatTheBackupPlanDidNotTellTheRestorePlanMay() throws IOException {
        lab.backup("db", db);
        Selection account = Selection.of("account").key(1).withChildren("note");
        assertThatThrownBy(() -> restored(account))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("collection note has no reference")
                .hasMessageContaining("RecordReferences.from(\"db\", \"note\")");
        assertThat(restored(account, TO_ACCOUNT)).containsExactly("account 1", "note 2");
        assertThat(restored(account, TO_CONTACT, TO_ACCOUNT)).containsExactly("account 1", "note 2");
    }

    @Test
    void mistakesFailBeforeAnythingHappens() {
        for (RecordReferences wrong : List.of(
                RecordReferences.from("db", "memo").fields("entity_id").to("contact", "id"),
                RecordReferences.from("db", "note").fields("entity").to("contact", "id"),
                RecordReferences.from("db", "note").fields("entity_id").to("person", "id"),
                RecordReferences.from("db", "note").fields("entity_id").to("contact", "ident"),
                RecordReferences.from("db", "note")
                        .fields("entity_id")
                        .when("kind", 1)
                        .to("contact", "id"))) {
            assertThatThrownBy(() -> lab.repository.backup(BackupPlan.named("crm")
                            .source("db", db)
                            .references(wrong)
                            .build()))
                    .as(wrong.toString())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no ");
            assertThatThrownBy(() -> restored(Selection.of("note"), wrong))
                    .as(wrong.toString())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no ");
        }
        assertThat(lab.repository.snapshots("crm")).hasSize(1);
        assertThatThrownBy(() -> BackupPlan.named("crm")
                        .source("database", db)
                        .references(TO_CONTACT)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("\"db\"");
    }

    @Test
    void childrenAreThoseThatWereNamedAndAsFarAsWasSaid() throws IOException {
        Selection contact = Selection.of("contact").key(1).withoutParents();
        assertThat(restored(contact.withChildrenBy("task", "DONE_BY"))).containsExactly("contact 1", "task 2");
        assertThat(restored(contact.withChildren("Task"))).containsExactly("contact 1", "task 1", "task 2");
        assertThat(restored(contact.withChildren("contact").depth(1))).containsExactly("contact 1", "contact 2");
        assertThat(restored(contact.withChildren("contact"))).containsExactly("contact 1", "contact 2", "contact 3");
        assertThat(restored(contact.withChildren().depth(1)))
                .containsExactly("contact 1", "contact 2", "note 1", "task 1", "task 2");
        assertThat(restored(Selection.of("account").key(1).withChildren().depth(2)))
                .containsExactly("account 1", "account 2", "contact 1", "contact 2", "contact 3", "note 2", "part 2/1");
        assertThatThrownBy(() -> restored(contact.withChildrenBy("task", "id")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("collection task has no reference by [id]");
        assertThatThrownBy(() -> contact.depth(2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> contact.withChildren().depth(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void recordsBringTheParentsThatTheyCanNotBeWithout() throws IOException {
        assertThat(restored(Selection.of("contact").key(2))).containsExactly("account 2", "contact 2");
        assertThat(restored(Selection.of("contact").key(2).withoutParents())).containsExactly("contact 2");
        assertThat(restored(Selection.of("contact").key(2).withParents()))
                .containsExactly("account 1", "account 2", "contact 1", "contact 2");
        assertThat(restored(Selection.of("contact"))).containsExactly("contact 1", "contact 2", "contact 3");
    }

    @Test
    void previewTellsWhyRecordsCome() {
        assertThat(preview(Selection.of("contact").key(1).withChildren("contact", "task"))
                        .collections())
                .containsExactly(
                        new RestorePreview.Part("db", "account", 2, false, 0, 2, 0),
                        new RestorePreview.Part("db", "contact", 3, false, 2, 0, 0),
                        new RestorePreview.Part("db", "task", 2, false, 2, 0, 0));
    }

    @Test
    void keysThatBringTheirTypeAreFoundWhateverItIs() throws IOException {
        db.collection(
                        "thing",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.DYNAMIC))
                                .key("id")
                                .build())
                .collection(
                        "component",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field(Lab.required("thing", FieldType.DYNAMIC))
                                .key("id")
                                .reference(Lab.to("thing", "thing", "id"))
                                .build());
        List<Object> keys = List.of("i7", "tseven", "r1.5", "r20", new byte[] {'b', 0x1f, 0, (byte) 0xfe});
        for (int i = 0; i < keys.size(); i++) {
            db.put("thing", Lab.values(keys.get(i))).put("component", Lab.values(i, keys.get(i)));
        }
        lab.backup("db", db);
        assertThat(preview(Selection.of("component").key(0).key(1).key(2).key(3).key(4))
                        .collections())
                .contains(new RestorePreview.Part("db", "thing", keys.size(), false, 0, keys.size(), 0));
    }

    @Test
    void conditionsOnOneFieldMustAllHoldHoweverItIsSpelled() {
        lab.backup("db", db);
        assertThat(preview(Selection.of("note").where("entity_type", "Contact").where("ENTITY_TYPE", "Account"))
                        .notes())
                .containsExactly("nothing is restored of source db: no record is selected");
        assertThat(preview(Selection.of("note").where("entity_type", "Contact").whereNull("entity_type"))
                        .notes())
                .containsExactly("nothing is restored of source db: no record is selected");
    }

    @Test
    void whatIsReferredToAndNotThereIsSaid() {
        assertThat(preview(Selection.of("note").withParents()).notes())
                .containsExactly(
                        "db: 1 of the records of contact that note.entity_id of what is selected names are not in the snapshot");
        assertThat(preview(Selection.of("note").key(1).withParents()).notes()).isEmpty();
    }

    @Test
    void recordsThatOnlyComeAlongNeverReplaceOthers() throws IOException {
        InMemorySource live = new InMemorySource();
        lab.repository.restore(RestorePlan.latest("crm")
                .into("db", InMemoryTarget.into(live, OnConflict.FAIL))
                .build());
        live.put("account", Lab.values(2, null));
        live.put("contact", Lab.values(2, 2, null));
        lab.repository.restore(RestorePlan.latest("crm")
                .only("db", Selection.of("contact").key(2).withParents())
                .into("db", InMemoryTarget.into(live, OnConflict.REPLACE))
                .build());
        Map<String, Map<String, String>> content = Lab.content(live);
        assertThat(content.get("account")).containsEntry("2", "2 null");
        assertThat(content.get("contact")).containsEntry("2", "2 2 1");
    }

    @Test
    void targetsLearnAllReferencesAndWhatComesAlong() {
        List<String> seen = new ArrayList<>();
        WrappedTarget target = new WrappedTarget(InMemoryTarget.empty()) {
            @Override
            public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections)
                    throws IOException {
                for (RestoredCollection collection : collections) {
                    collection.references().stream()
                            .filter(reference -> !reference.conditions().isEmpty())
                            .map(Reference::toString)
                            .forEach(seen::add);
                    seen.add(collection.name() + " " + collection.comesAlong(Lab.intKey(1)) + " "
                            + collection.comesAlong(Lab.intKey(2)));
                }
                return super.open(attributes, collections);
            }
        };
        lab.repository
                .prepare(RestorePlan.latest("crm")
                        .only("db", Selection.of("note").key(2).withParents())
                        .only("db", Selection.of("account").key(2))
                        .into("db", target)
                        .build())
                .close();
        assertThat(seen)
                .containsExactly(
                        "account true false",
                        new Reference(
                                        "",
                                        List.of("entity_id"),
                                        "contact",
                                        List.of("id"),
                                        Map.of("entity_type", "Contact"))
                                .toString(),
                        new Reference(
                                        "",
                                        List.of("entity_id"),
                                        "account",
                                        List.of("id"),
                                        Map.of("entity_type", "Account"))
                                .toString(),
                        "note false false");
    }
}
