package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.FileReferences;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What selections select. */
class SelectionTest {
    private static final String FIRST = "00000000-0000-0000-0000-0000000000ab";

    private Lab lab;
    private InMemorySource db;
    private InMemorySource files;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
        db = new InMemorySource()
                .collection(
                        "sales.account",
                        schema("id", FieldType.INTEGER, "name", FieldType.TEXT, "head", FieldType.INTEGER)
                                .key("id")
                                .reference(Lab.to("sales.account", "head", "id"))
                                .build())
                .collection(
                        "sales.contact",
                        schema("id", FieldType.INTEGER, "account", FieldType.INTEGER, "mail", FieldType.TEXT)
                                .key("id")
                                .reference(Lab.to("sales.account", "account", "id"))
                                .build())
                .collection(
                        "sales.mailing",
                        schema("n", FieldType.INTEGER, "mail", FieldType.TEXT)
                                .key("n")
                                .reference(Lab.to("sales.contact", "mail", "mail"))
                                .build())
                .collection(
                        "sales.seat",
                        schema("contact", FieldType.INTEGER, "event", FieldType.TEXT, "row", FieldType.TEXT)
                                .key("contact", "event")
                                .reference(Lab.to("sales.contact", "contact", "id"))
                                .build())
                .collection(
                        "sales.ticket",
                        schema("code", FieldType.TEXT, "event", FieldType.TEXT, "contact", FieldType.INTEGER)
                                .key("code")
                                .reference(new Reference(
                                        "", List.of("event", "contact"), "sales.seat", List.of("event", "contact")))
                                .build())
                .collection(
                        "sales.attachment",
                        schema("id", FieldType.INTEGER, "contact", FieldType.INTEGER, "path", FieldType.TEXT)
                                .key("id")
                                .reference(Lab.to("sales.contact", "contact", "id"))
                                .build())
                .collection(
                        "misc.types",
                        schema("id", FieldType.UUID, "amount", FieldType.DECIMAL, "at", FieldType.TIMESTAMP)
                                .field("on", FieldType.BOOLEAN)
                                .field("raw", FieldType.BYTES)
                                .field("any", FieldType.DYNAMIC)
                                .field("share", FieldType.FLOAT)
                                .key("id")
                                .build())
                .collection(
                        "misc.price",
                        schema("amount", FieldType.DECIMAL, "label", FieldType.TEXT)
                                .key("amount")
                                .build())
                .collection("misc.contact", schema("id", FieldType.INTEGER).build())
                .collection(
                        "misc.log",
                        RecordSchema.builder().field("line", FieldType.TEXT).build());
        put("sales.account", 1, "Head", null);
        put("sales.account", 2, "Branch", 1);
        put("sales.account", 3, "Other", null);
        put("sales.contact", 10, 2, "a@x");
        put("sales.contact", 11, 2, "b@x");
        put("sales.contact", 12, 3, null);
        put("sales.contact", 13, null, "c@x");
        put("sales.mailing", 1, "a@x");
        put("sales.mailing", 2, "b@x");
        put("sales.mailing", 3, null);
        put("sales.seat", 10, "ball", "A");
        put("sales.seat", 10, "fair", "B");
        put("sales.seat", 11, "ball", "C");
        put("sales.ticket", "t1", "ball", 10);
        put("sales.ticket", "t2", "fair", 10);
        put("sales.ticket", "t3", null, 10);
        put("sales.attachment", 1, 10, "in/a.pdf");
        put("sales.attachment", 2, 10, "in/gone.pdf");
        put("sales.attachment", 3, 11, "/b.pdf");
        put("sales.attachment", 4, 11, "../etc/passwd");
        put("sales.attachment", 5, 10, null);
        put("misc.types", FIRST, "10.00", "2026-01-02 03:04:00", "true", new byte[] {1, (byte) 0xab}, "i5", "0.5");
        put("misc.types", FIRST.replace("ab", "ac"), "-3", "2026-01-02 03:04:05.120", "false", null, "t5", "1.0E10");
        put("misc.types", FIRST.replace("ab", "ad"), null, null, null, new byte[100], "r5.0", null);
        put("misc.price", "10.50", "ten and a half");
        put("misc.log", "x");
        put("misc.log", "x");
        put("misc.log", "y");
        files = new InMemorySource().collection("files", Lab.FILES);
        for (String path : List.of("in", "in/deep", "in/deep/er")) {
            files.put("files", RecordKey.path(path), Lab.values("dir", null));
        }
        for (String path : List.of("in/a.pdf", "in/deep/er/c.txt", "b.pdf", "c.txt")) {
            files.put(
                    "files",
                    RecordKey.path(path),
                    Lab.values("rw", path.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }
        lab.repository.backup(BackupPlan.named("crm")
                .source("db", db)
                .source("files", files)
                .references(FileReferences.from("db", "sales.attachment")
                        .path("path")
                        .in("files"))
                .build());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static RecordSchema.Builder schema(Object... namesAndTypes) {
        RecordSchema.Builder builder = RecordSchema.builder();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            builder.field((String) namesAndTypes[i], (FieldType) namesAndTypes[i + 1]);
        }
        return builder;
    }

    private void put(String collection, Object... values) {
        db.put(collection, Lab.values(values));
    }

    /** What is restored of the database: "collection key" without the schema. */
    private Set<String> restored(Selection... selections) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        RestorePlan.Builder plan = RestorePlan.latest("crm").into("db", target);
        for (Selection selection : selections) {
            plan.only("db", selection);
        }
        try (PreparedRestore restore = lab.repository.prepare(plan.build())) {
            assertThat(restore.execute().written()).isEqualTo(restore.preview().records());
        }
        return names(Lab.content(target));
    }

    private static Set<String> names(Map<String, Map<String, String>> content) {
        Set<String> names = new TreeSet<>();
        content.forEach((collection, records) -> records.keySet()
                .forEach(key -> names.add(collection.substring(collection.indexOf('.') + 1) + " " + key)));
        return names;
    }

    private Set<String> types(String field, Object value) throws IOException {
        Set<String> found = new TreeSet<>();
        restored(Selection.of("types").where(field, value))
                .forEach(name -> found.add(name.substring(name.length() - 2)));
        return found;
    }

    private void assertRefused(Selection selection, String... message) {
        var expectation = assertThatThrownBy(() -> restored(selection)).isInstanceOf(IllegalArgumentException.class);
        for (String part : message) {
            expectation.hasMessageContaining(part);
        }
    }

    @Test
    void oneCollectionIsRestoredWhole() throws IOException {
        assertThat(restored(Selection.of("sales.mailing"))).containsExactly("mailing 1", "mailing 2", "mailing 3");
    }

    @Test
    void severalSelectionsAddUp() throws IOException {
        assertThat(restored(
                        Selection.of("mailing").key(1),
                        Selection.of("mailing").key(1).key(3),
                        Selection.of("price"),
                        Selection.of("seat").key(10, "fair")))
                .containsExactly("mailing 1", "mailing 3", "price 10.50", "seat 10/fair");
        assertThat(restored(Selection.of("mailing"), Selection.of("mailing").key(1)))
                .hasSize(3);
    }

    @Test
    void collectionsAreFoundInAnyCaseAndWithoutSchemaIfThatIsUnambiguous() throws IOException {
        assertThat(restored(Selection.of("SALES.Mailing"))).hasSize(3);
        assertThat(restored(Selection.of("Ticket"))).hasSize(3);
        assertRefused(Selection.of("contact"), "more than one collection \"contact\"", "misc.contact, sales.contact");
        assertRefused(Selection.of("nothing"), "source db has no collection \"nothing\"", "sales.mailing");
    }

    @Test
    void keysOfAllTypesFindTheirRecord() throws IOException {
        assertThat(restored(Selection.of("sales.contact").key(10))).containsExactly("contact 10");
        assertThat(restored(Selection.of("sales.contact").key("+010"))).containsExactly("contact 10");
        assertThat(restored(Selection.of("ticket").key("t2"))).containsExactly("ticket t2");
        assertThat(restored(Selection.of("seat").key(10, "ball"))).containsExactly("seat 10/ball");
        assertThat(restored(Selection.of("types").key(UUID.fromString(FIRST)))).containsExactly("types " + FIRST);
        assertThat(restored(Selection.of("types").key(FIRST.toUpperCase(java.util.Locale.ROOT))))
                .containsExactly("types " + FIRST);
        assertThat(restored(Selection.of("price").key(new BigDecimal("10.5")))).containsExactly("price 10.50");
    }

    @Test
    void keysThatAreNotThereOrDoNotFitAreRefused() {
        assertRefused(
                Selection.of("sales.contact").key(10).key(99), "collection sales.contact has no record with key 99");
        assertRefused(Selection.of("sales.contact").key("ten"), "has no record with key ten");
        assertRefused(Selection.of("seat").key(10), "the key of collection sales.seat is contact, event, not [10]");
        assertRefused(Selection.of("price").key("11"), "no record with key 11");
        assertRefused(Selection.of("log").key("x"), "the key of collection misc.log is nothing");
    }

    @Test
    void conditionsHoldForValuesOfAnyType() throws IOException {
        assertThat(types("amount", 10)).containsExactly("ab");
        assertThat(types("amount", "-3.0")).containsExactly("ac");
        assertThat(types("at", "2026-01-02 03:04:00")).containsExactly("ab");
        assertThat(types("at", LocalDateTime.of(2026, 1, 2, 3, 4))).containsExactly("ab");
        assertThat(types("at", LocalDateTime.of(2026, 1, 2, 3, 4, 5, 120_000_000)))
                .containsExactly("ac");
        assertThat(types("on", true)).containsExactly("ab");
        assertThat(types("ON", "FALSE")).containsExactly("ac");
        assertThat(types("raw", "01AB")).containsExactly("ab");
        assertThat(types("raw", "00".repeat(100))).containsExactly("ad");
        assertThat(types("raw", "00".repeat(99))).isEmpty();
        assertThat(types("any", 5)).containsExactly("ab", "ac", "ad");
        assertThat(types("share", 0.5)).containsExactly("ab");
        assertThat(types("share", 1e10)).containsExactly("ac");
        assertThat(types("id", UUID.fromString(FIRST))).containsExactly("ab");
    }

    @Test
    void conditionsMustAllHold() throws IOException {
        assertThat(restored(Selection.of("sales.contact").where("account", 2).where("mail", "b@x")))
                .containsExactly("contact 11");
        assertThat(restored(Selection.of("sales.contact").whereNull("account"))).containsExactly("contact 13");
        assertThat(restored(Selection.of("sales.contact").whereNull("mail").where("account", 3)))
                .containsExactly("contact 12");
        assertThat(restored(Selection.of("log").where("line", "x"))).containsExactly("log x");
    }

    @Test
    void unknownFieldsAreRefusedWithThoseThatThereAre() {
        assertRefused(
                Selection.of("price").where("colour", 1),
                "collection misc.price has no field \"colour\"",
                "amount, label");
        assertRefused(Selection.of("price").whereNull("colour"), "no field \"colour\"");
        assertThatThrownBy(() -> Selection.of("price").where("a", 1).where("a", 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a has a condition already");
    }

    @Test
    void parentsAreFollowedToAnyDepthAndNotTheirChildren() throws IOException {
        assertThat(restored(Selection.of("ticket").key("t1").withParents()))
                .containsExactly("account 1", "account 2", "contact 10", "seat 10/ball", "ticket t1");
    }

    @Test
    void parentsByUniqueFieldsAreFollowed() throws IOException {
        assertThat(restored(Selection.of("mailing").key(2).withParents()))
                .containsExactly("account 1", "account 2", "contact 11", "mailing 2");
        assertThat(restored(Selection.of("mailing").key(3).withParents())).containsExactly("mailing 3");
    }

    @Test
    void referencesThatAreNullInOneFieldReferToNothing() throws IOException {
        assertThat(restored(Selection.of("ticket").key("t3").withParents())).containsExactly("ticket t3");
    }

    @Test
    void childrenAreFollowedToAnyDepthButNotThoseOfParents() throws IOException {
        assertThat(restored(Selection.of("sales.contact").key(10).withChildren().withParents()))
                .containsExactly(
                        "account 1",
                        "account 2",
                        "attachment 1",
                        "attachment 2",
                        "attachment 5",
                        "contact 10",
                        "mailing 1",
                        "seat 10/ball",
                        "seat 10/fair",
                        "ticket t1",
                        "ticket t2");
        assertThat(restored(Selection.of("account").key(1).withChildren()))
                .contains("account 2", "contact 10", "contact 11", "ticket t2", "mailing 2")
                .doesNotContain("account 3", "contact 12", "mailing 3");
    }

    @Test
    void nothingSelectedIsSaidAndWritesNothing() throws IOException {
        WrappedTarget target = new WrappedTarget(InMemoryTarget.empty());
        try (PreparedRestore restore = lab.repository.prepare(RestorePlan.latest("crm")
                .only("db", Selection.of("account").where("name", "Nobody"))
                .into("db", target)
                .build())) {
            assertThat(restore.preview().notes()).contains("nothing is restored of source db: no record is selected");
            assertThat(restore.execute().written()).isZero();
        }
        assertThat(target.calls).isEmpty();
    }

    @Test
    void filesComeWithTheirRecordsAndDirectoriesAndMissingOnesAreNamed() throws IOException {
        InMemoryTarget dbTarget = InMemoryTarget.empty();
        InMemoryTarget fileTarget = InMemoryTarget.empty();
        RestorePlan plan = RestorePlan.latest("crm")
                .only("db", Selection.of("attachment").key(3))
                .only("db", Selection.of("sales.contact").key(10).withChildren().withFiles())
                .into("db", dbTarget)
                .into("files", fileTarget)
                .verify()
                .build();
        try (PreparedRestore restore = lab.repository.prepare(plan)) {
            assertThat(restore.preview().notes())
                    .contains(
                            "1 of the files that records of db/sales.attachment refer to are not in the snapshot: in/gone.pdf");
            assertThat(restore.preview().collections().get(0))
                    .isEqualTo(new RestorePreview.Part("files", "files", 2, false, 0, 0, 2));
            restore.execute();
        }
        assertThat(Lab.content(fileTarget).get("files")).containsOnlyKeys("in", "in/a.pdf");
        assertThat(Lab.content(dbTarget).get("sales.attachment")).containsKey("3");
    }

    @Test
    void pathsThatLeadOutsideAreMissingFiles() {
        RestorePlan plan = RestorePlan.latest("crm")
                .only("db", Selection.of("attachment").where("contact", 11).withFiles())
                .into("db", InMemoryTarget.empty())
                .into("files", InMemoryTarget.empty())
                .build();
        try (PreparedRestore restore = lab.repository.prepare(plan)) {
            assertThat(restore.preview().notes()).anyMatch(note -> note.endsWith("not in the snapshot: ../etc/passwd"));
            assertThat(restore.preview().collections())
                    .contains(new RestorePreview.Part("files", "files", 1, false, 0, 0, 1));
        }
    }

    @Test
    void filesNeedATargetAndReferences() {
        assertRefused(
                Selection.of("attachment").withFiles(), "withFiles needs a target for the files: .into(\"files\"");
        lab.backup("db", db, "files", files);
        assertThatThrownBy(() -> lab.repository.prepare(RestorePlan.latest("crm")
                        .only("db", Selection.of("attachment").withFiles())
                        .into("db", InMemoryTarget.empty())
                        .into("files", InMemoryTarget.empty())
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give the backup plan .references(");
    }

    private Set<String> paths(String... globs) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        lab.repository.restore(RestorePlan.latest("crm")
                .only("files", Selection.paths(globs))
                .into("files", target)
                .verify()
                .build());
        return new TreeMap<>(Lab.content(target).getOrDefault("files", Map.of())).keySet();
    }

    @Test
    void pathsSelectFilesWithTheirDirectories() throws IOException {
        assertThat(paths("c.txt")).containsExactly("c.txt");
        assertThat(paths("in/deep")).containsExactly("in", "in/deep", "in/deep/er", "in/deep/er/c.txt");
        assertThat(paths("**/c.txt")).contains("in", "in/deep", "in/deep/er", "in/deep/er/c.txt");
        assertThat(paths("*.pdf", "c.*")).contains("b.pdf", "c.txt");
        assertThat(paths("nothing*")).isEmpty();
    }

    @Test
    void pathsNeedASourceOfFilesAndRecordsOne() {
        assertRefused(Selection.paths("*"), "source db has no paths");
        assertThatThrownBy(() -> Selection.paths().withFiles()).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Selection.paths("x").where("a", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("where is for records");
    }

    @Test
    void selectionOfASourceWithoutTargetIsRefused() {
        assertThatThrownBy(() -> RestorePlan.latest("crm")
                        .only("files", Selection.paths("x"))
                        .into("db", InMemoryTarget.empty())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no target for it: .into(\"files\", target)");
    }

    @Test
    void textsOfSelectionsAndPlansKeepValuesToThemselves() {
        Selection selection =
                Selection.of("contact").key("secret1").where("mail", "secret2").withParents();
        assertThat(selection.toString()).doesNotContain("secret").contains("contact", "mail", "parents");
        assertThat(RestorePlan.latest("crm")
                        .only("db", selection)
                        .into("db", InMemoryTarget.empty())
                        .build()
                        .toString())
                .doesNotContain("secret");
    }
}
