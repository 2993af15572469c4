package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.error.TargetException;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.report.RestoreReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores of a whole system, and what can go wrong with them. */
class RestoreTest {
    private static final int CONTACTS = 500;

    private Lab lab;
    private InMemorySource db;
    private InMemorySource files;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
        // The names are such that children come before parents by name.
        db = new InMemorySource(lab.clock)
                .collection(
                        "zaccount",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("name", FieldType.TEXT)
                                .key("id")
                                .build())
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("account", FieldType.INTEGER)
                                .field("note", FieldType.TEXT)
                                .key("id")
                                .reference(Lab.to("zaccount", "account", "id"))
                                .build())
                .collection(
                        "audit",
                        RecordSchema.builder().field("what", FieldType.TEXT).build());
        for (int i = 0; i < 20; i++) {
            db.put("zaccount", Lab.values(i, "account " + i));
        }
        for (int i = 0; i < CONTACTS; i++) {
            db.put("contact", Lab.values(i, i % 20, i % 7 == 0 ? null : "note " + i + " " + "x".repeat(i % 50)));
        }
        for (String what : List.of("login", "logout", "login")) {
            db.put("audit", Lab.values(what));
        }
        files = new InMemorySource(lab.clock).collection("files", Lab.FILES);
        files.put("files", RecordKey.path("a"), Lab.values("dir", null));
        for (int i = 0; i < 6; i++) {
            files.put("files", RecordKey.path("a/" + i), Lab.values("rw", Lab.random(300_000 * i, i)));
        }
        lab.backup("db", db, "attachments", files);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static RestorePlan plan(Target dbTarget, Target fileTarget) {
        return RestorePlan.latest("crm")
                .into("db", dbTarget)
                .into("attachments", fileTarget)
                .verify()
                .build();
    }

    @Test
    void restoresAndVerifiesEverything() throws IOException {
        InMemoryTarget one = InMemoryTarget.empty();
        InMemoryTarget two = InMemoryTarget.empty();
        RestoreReport report = lab.repository.restore(plan(one, two));
        assertThat(report.verified()).isTrue();
        assertThat(report.written()).isEqualTo(20 + CONTACTS + 3 + 7);
        assertThat(Lab.content(one)).isEqualTo(Lab.content(db));
        assertThat(Lab.content(two)).isEqualTo(Lab.content(files));
    }

    @Test
    void filesComeBeforeRecordsAndParentsBeforeChildrenAndNothingIsFinishedBeforeAllIsWritten() {
        List<String> order = new ArrayList<>();
        WrappedTarget one = new WrappedTarget(InMemoryTarget.empty()) {
            @Override
            void finished() {
                order.add("db finished");
            }

            @Override
            RestoredCollection instead(RestoredCollection collection) {
                order.add(collection.name());
                return collection;
            }
        };
        WrappedTarget two = new WrappedTarget(InMemoryTarget.empty()) {
            @Override
            void finished() {
                order.add("files finished");
            }

            @Override
            RestoredCollection instead(RestoredCollection collection) {
                order.add(collection.name());
                return collection;
            }
        };
        lab.repository.restore(plan(one, two));
        assertThat(order).containsExactly("files", "audit", "zaccount", "contact", "files finished", "db finished");
        assertThat(one.calls).endsWith("finish", "close", "close");
    }

    @Test
    void previewCountsWhatExecuteWritesAndHasNoEffect() throws IOException {
        WrappedTarget one = new WrappedTarget(InMemoryTarget.empty());
        InMemoryTarget two = InMemoryTarget.empty();
        try (PreparedRestore restore = lab.repository.prepare(plan(one, two))) {
            RestorePreview preview = restore.preview();
            assertThat(one.calls).containsExactly("open", "preview");
            assertThat(Lab.content(two)).isEmpty();
            assertThat(preview.blockers()).isEmpty();
            RestoreReport report = restore.execute();
            assertThat(report.parts())
                    .extracting(part -> part.source() + part.collection() + part.written())
                    .containsExactlyElementsOf(preview.collections().stream()
                            .map(part -> part.source() + part.collection() + part.records())
                            .toList());
            assertThat(preview.records()).isEqualTo(report.written());
            assertThat(preview.collections()).allMatch(RestorePreview.Part::whole);
        }
    }

    @Test
    void preparedRestoreIsExecutedOnceAndNotAfterClose() {
        PreparedRestore restore = lab.repository.prepare(plan(InMemoryTarget.empty(), InMemoryTarget.empty()));
        restore.execute();
        assertThatThrownBy(restore::execute)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("once");
        restore.close();
        restore.close();
        WrappedTarget untouched = new WrappedTarget(InMemoryTarget.empty());
        PreparedRestore closed = lab.repository.prepare(plan(untouched, InMemoryTarget.empty()));
        closed.close();
        assertThatThrownBy(closed::execute)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(untouched.calls).containsExactly("open", "preview", "close");
    }

    @Test
    void refusalListsAllBlockersAndWritesNothing() throws IOException {
        InMemorySource there = new InMemorySource()
                .collection(
                        "zaccount",
                        RecordSchema.builder().field("other", FieldType.TEXT).build());
        InMemorySource filesThere = new InMemorySource().collection("files", Lab.FILES);
        filesThere.put("files", RecordKey.path("a/1"), Lab.values("mine", new byte[1]));
        WrappedTarget one = new WrappedTarget(InMemoryTarget.into(there, OnConflict.FAIL));
        WrappedTarget two = new WrappedTarget(InMemoryTarget.into(filesThere, OnConflict.FAIL));
        assertThatThrownBy(() -> lab.repository.restore(plan(one, two)))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("nothing was written")
                .hasMessageContaining("db: the records of zaccount have other fields here")
                .hasMessageContaining("attachments: 1 records of files are here already");
        assertThat(one.calls).doesNotContain("begin");
        assertThat(two.calls).doesNotContain("begin").endsWith("close");
        assertThat(Lab.content(filesThere).get("files")).containsOnlyKeys("a/1");
    }

    @Test
    void sourcesWithoutTargetAreLeftOutAndNamed() throws IOException {
        InMemoryTarget one = InMemoryTarget.empty();
        try (PreparedRestore restore =
                lab.repository.prepare(RestorePlan.latest("crm").into("db", one).build())) {
            assertThat(restore.preview().notes())
                    .contains("source attachments is not restored: there is no target for it");
            restore.execute();
        }
        assertThat(Lab.content(one)).isEqualTo(Lab.content(db));
    }

    @Test
    void targetForAnUnknownSourceIsRefusedWithWhatThereIs() {
        WrappedTarget one = new WrappedTarget(InMemoryTarget.empty());
        assertThatThrownBy(() -> lab.repository.prepare(
                        RestorePlan.latest("crm").into("DB", one).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no source \"DB\": it has [db, attachments]");
        assertThat(one.calls).isEmpty();
    }

    @Test
    void planWithoutTargetOrWithTwoForOneSourceIsRefused() {
        assertThatThrownBy(() -> RestorePlan.latest("crm").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(".into(");
        assertThatThrownBy(() -> RestorePlan.latest("crm")
                        .into("db", InMemoryTarget.empty())
                        .into("db", InMemoryTarget.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"db\" has a target already");
    }

    @Test
    void failingTargetLeavesAllTargetsAsTheyWereAndClosesThem() throws IOException {
        InMemoryTarget inner = InMemoryTarget.empty();
        InMemoryTarget fileTarget = InMemoryTarget.empty();
        WrappedTarget one = new WrappedTarget(inner) {
            @Override
            RestoredCollection instead(RestoredCollection collection) throws IOException {
                if (collection.name().equals("contact")) {
                    throw new IOException("the disk is full");
                }
                return collection;
            }
        };
        WrappedTarget two = new WrappedTarget(fileTarget);
        PreparedRestore restore = lab.repository.prepare(plan(one, two));
        assertThatThrownBy(restore::execute)
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("restoring db into wrapped")
                .hasMessageContaining("the disk is full");
        assertThat(one.calls).endsWith("close");
        assertThat(two.calls).endsWith("close").doesNotContain("finish");
        assertThat(Lab.content(inner)).isEmpty();
        assertThat(Lab.content(fileTarget)).isEmpty();
        restore.close();
    }

    @Test
    void interruptEndsTheRestoreAndKeepsTheFlag() throws IOException {
        InMemoryTarget inner = InMemoryTarget.empty();
        WrappedTarget one = new WrappedTarget(inner) {
            @Override
            RestoredCollection instead(RestoredCollection collection) {
                Thread.currentThread().interrupt();
                return collection;
            }
        };
        assertThatThrownBy(() -> lab.repository.restore(
                        RestorePlan.latest("crm").into("db", one).build()))
                .isInstanceOf(BackupCancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Lab.content(inner)).isEmpty();
        assertThat(one.calls).endsWith("close");
    }

    /** Restores with verification into a system that then is altered. */
    private void verifyAfter(Alteration alteration, String... message) {
        InMemoryTarget dbTarget = InMemoryTarget.empty();
        InMemoryTarget fileTarget = InMemoryTarget.empty();
        WrappedTarget one = new WrappedTarget(dbTarget) {
            @Override
            void finished() {
                alteration.alter(dbTarget.system(), fileTarget.system());
            }
        };
        var expectation = assertThatThrownBy(() -> lab.repository.restore(plan(one, fileTarget)))
                .isInstanceOf(VerificationFailedException.class);
        for (String part : message) {
            expectation.hasMessageContaining(part);
        }
    }

    private interface Alteration {
        void alter(InMemorySource db, InMemorySource files);
    }

    @Test
    void verifyFindsAChangedField() {
        verifyAfter((db, files) -> db.put("contact", Lab.values(17, 17, "NOTE")), "db/contact: 17 has another note");
    }

    @Test
    void verifyFindsAFieldThatBecameNull() {
        verifyAfter((db, files) -> db.put("zaccount", Lab.values(3, null)), "db/zaccount: 3 has another name");
    }

    @Test
    void verifyFindsAMissingRecord() {
        verifyAfter((db, files) -> db.remove("contact", Lab.intKey(0)), "db/contact: 0 is missing");
        verifyAfter(
                (db, files) -> db.remove("contact", Lab.intKey(CONTACTS - 1)),
                "db/contact: " + (CONTACTS - 1) + " is missing");
    }

    @Test
    void verifyFindsAnAddedRecord() {
        verifyAfter((db, files) -> db.put("contact", Lab.values(-5, 1, "new")), "db/contact: -5 should not be there");
        verifyAfter((db, files) -> db.put("audit", Lab.values("forged")), "db/audit: a row should not be there");
        verifyAfter((db, files) -> db.put("audit", Lab.values("login")), "db/audit: a row should not be there");
    }

    @Test
    void verifyFindsAByteOfAContent() {
        verifyAfter(
                (db, files) -> {
                    byte[] content = Lab.random(300_000 * 5, 5);
                    content[1_400_000] ^= 1;
                    files.put("files", RecordKey.path("a/5"), Lab.values("rw", content));
                },
                "attachments/files: a/5 has another content");
    }

    @Test
    void verifyNamesSeveralDifferences() {
        verifyAfter(
                (db, files) -> {
                    db.put("contact", Lab.values(17, 18, "NOTE")).remove("zaccount", Lab.intKey(2));
                },
                "17 has another account, note",
                "zaccount: 2 is missing");
    }

    @Test
    void verifyLeavesOutFieldsThatTheTargetCannotBringBack() {
        InMemoryTarget fileTarget = InMemoryTarget.empty();
        WrappedTarget two = new WrappedTarget(fileTarget) {
            @Override
            void finished() {
                fileTarget.system().put("files", RecordKey.path("a/0"), Lab.values("r", new byte[0]));
            }

            @Override
            public Set<String> fieldsNotRestored(String collection) {
                return Set.of("mode");
            }
        };
        assertThat(lab.repository.restore(plan(InMemoryTarget.empty(), two)).verified())
                .isTrue();
    }

    @Test
    void verifySaysWhichTargetCannotBeReadBack() {
        WrappedTarget one = new WrappedTarget(InMemoryTarget.empty()) {
            @Override
            public Optional<Source> readBack(Map<String, String> attributes) {
                return Optional.empty();
            }
        };
        assertThatThrownBy(() -> lab.repository.restore(plan(one, InMemoryTarget.empty())))
                .isInstanceOf(VerificationFailedException.class)
                .hasMessageContaining("[db] can't be read back");
    }

    @Test
    void recordsOrderedByTheTargetsOwnMindAreStillVerified() throws IOException {
        InMemoryTarget target =
                InMemoryTarget.into(new InMemorySource().with(InMemorySource.Setting.UNSORTED), OnConflict.FAIL);
        assertThat(lab.repository.restore(plan(target, InMemoryTarget.empty())).verified())
                .isTrue();
        assertThat(Lab.content(target)).isEqualTo(Lab.content(db));
    }

    @Test
    void mergeThatSkipsKeepsTheTargetsRecordsAndCountsThem() throws IOException {
        InMemorySource there = new InMemorySource(lab.clock);
        lab.repository.restore(RestorePlan.latest("crm")
                .into("db", InMemoryTarget.into(there, OnConflict.FAIL))
                .build());
        there.put("contact", Lab.values(1, 2, "mine"));
        there.remove("contact", Lab.intKey(2));
        RestoreReport report = lab.repository.restore(RestorePlan.latest("crm")
                .only("db", Selection.of("contact"))
                .into("db", InMemoryTarget.into(there, OnConflict.SKIP))
                .verify()
                .build());
        assertThat(report.parts()).containsExactly(new RestoreReport.Part("db", "contact", 1, CONTACTS - 1));
        assertThat(Lab.content(there).get("contact"))
                .containsEntry("1", "1 2 mine")
                .containsKey("2");
    }

    @Test
    void cursorOfARestoreCanBeOpenedSeveralTimes() {
        WrappedTarget one = new WrappedTarget(InMemoryTarget.empty()) {
            @Override
            RestoredCollection instead(RestoredCollection collection) throws IOException {
                long first = count(collection);
                assertThat(count(collection)).isEqualTo(first).isEqualTo(collection.records());
                return collection;
            }
        };
        lab.repository.restore(plan(one, InMemoryTarget.empty()));
    }

    private static long count(RestoredCollection collection) throws IOException {
        long count = 0;
        try (RecordCursor cursor = collection.open()) {
            while (cursor.next()) {
                List<FieldValue> values = cursor.values();
                assertThat(values).hasSameSizeAs(collection.schema().fields());
                count++;
            }
        }
        return count;
    }
}
