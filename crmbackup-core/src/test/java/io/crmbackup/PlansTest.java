package io.crmbackup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plans and their parts refuse, and in which words. */
class PlansTest {
    private static final Source SOURCE = new Source() {
        @Override
        public Consistency consistency() {
            return Consistency.WINDOW;
        }

        @Override
        public Capture capture(CaptureContext context) {
            throw new AssertionError("a plan does nothing");
        }

        @Override
        public String toString() {
            return "a test's source";
        }
    };
    private static final Target TARGET = new Target() {
        @Override
        public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) {
            throw new AssertionError("a plan does nothing");
        }

        @Override
        public Optional<Source> readBack(Map<String, String> attributes) {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return "a test's target";
        }
    };

    private static BackupPlan.Builder plan() {
        return BackupPlan.named("crm").source("db", SOURCE);
    }

    private static void refused(ThrowingCallable setter, String... words) {
        assertThatThrownBy(setter).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(words);
    }

    private static void unfit(ThrowingCallable terminal, String... words) {
        assertThatThrownBy(terminal).isInstanceOf(IllegalStateException.class).hasMessageContainingAll(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a/b", "-a", ".a", "a b", "a\n", "..", "a\u202eb"})
    void namesThatCouldBeMistakenAreRefusedEverywhere(String name) {
        refused(() -> BackupPlan.named(name), "plan", "\"" + name + "\"");
        refused(() -> plan().source(name, SOURCE), "source", "\"" + name + "\"");
        refused(() -> plan().tolerate(name, "**"), "source", "\"" + name + "\"");
        refused(() -> FileReferences.from(name, "attachment"), "source", "\"" + name + "\"");
        refused(() -> FileReferences.from("db", "attachment").path("path").in(name), "source", "\"" + name + "\"");
        refused(() -> RestorePlan.latest(name), "plan", "\"" + name + "\"");
        refused(() -> RestorePlan.asOf(name, Instant.EPOCH), "plan", "\"" + name + "\"");
        refused(() -> RestorePlan.latest("crm").into(name, TARGET), "source", "\"" + name + "\"");
        refused(() -> RestorePlan.latest("crm").only(name, Selection.of("contact")), "source", "\"" + name + "\"");
    }

    @Test
    void namesHaveAtMost64LettersOfAnyLanguage() {
        assertThat(BackupPlan.named("ä".repeat(64)).source("数据", SOURCE).build().name())
                .hasSize(64);
        refused(() -> BackupPlan.named("a".repeat(65)), "64");
    }

    @Test
    void planWithoutSourceIsRefused() {
        unfit(() -> BackupPlan.named("crm").build(), "plan crm has no source", ".source(");
    }

    @Test
    void planWithTwoSourcesOfOneNameIsRefused() {
        refused(() -> plan().source("db", SOURCE), "has a source \"db\" already");
    }

    @Test
    void partsThatNameUnknownSourcesAreRefusedWithWhatThereIs() {
        FileReferences references =
                FileReferences.from("db", "attachment").path("path").in("files");
        unfit(() -> plan().references(references).build(), "db/attachment.path", "\"files\"", "[db]");
        unfit(() -> plan().tolerate("files", "**/*.tmp").build(), "tolerate", "\"files\"", "[db]");
        FileReferences itself =
                FileReferences.from("db", "attachment").path("path").in("db");
        unfit(() -> plan().references(itself).build(), "different sources");
    }

    @Test
    void referencesNeedNames() {
        unfit(() -> FileReferences.from("db", "attachment").in("files"), "db/attachment", ".path(");
        refused(() -> FileReferences.from("db", ""), "collection", "empty");
        refused(() -> FileReferences.from("db", "attachment").path(""), "path", "empty");
        refused(() -> FileReferences.from("db", "attachment").size(""), "size", "empty");
    }

    @Test
    void patternsThatAreNoneAreRefused() {
        refused(() -> plan().tolerate("db", "/tmp/*"), "\"/tmp/*\"", "relative to the root");
        refused(() -> Selection.paths("a//b"), "\"a//b\"");
        refused(() -> Selection.paths(), "at least one");
    }

    @Test
    void strategiesThatContradictThemselvesAreRefused() {
        unfit(() -> BackupStrategy.incremental().selfContained(), "only a full backup", "incremental");
        unfit(() -> BackupStrategy.full().fullAtLeastEvery(Duration.ofDays(1)), "full every time");
        refused(() -> BackupStrategy.incremental().fullAtLeastEvery(Duration.ZERO), "positive", "PT0S");
        refused(() -> BackupStrategy.differential().fullAtLeastEvery(Duration.ofDays(-1)), "positive");
    }

    @Test
    void limitsThatStopEverythingAreRefused() {
        refused(() -> new DataRate(0), "at least 1", "0");
        for (long wrong : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 43}) {
            refused(() -> DataRate.mebibytesPerSecond(wrong), "MiB per second", Long.toString(wrong));
        }
        assertThat(DataRate.mebibytesPerSecond((1L << 43) - 1).bytesPerSecond()).isPositive();
        refused(() -> Limits.none().cores(0), "1..256", "0");
        refused(() -> Limits.none().cores(257), "1..256", "257");
    }

    @Test
    void sharesThatAreNoneAreRefused() {
        for (double wrong : new double[] {0, -0.1, 1.1, Double.NaN}) {
            refused(() -> VerifyDepth.sample(wrong), "more than 0 and at most 1", Double.toString(wrong));
        }
    }

    @Test
    void selectionsNeedNamesAndValues() {
        refused(() -> Selection.of(""), "collection", "empty");
        refused(() -> Selection.of("contact").key(), "at least one");
        refused(() -> Selection.of("contact").where("id", 1).where("id", 2), "id has a condition already");
        unfit(() -> Selection.paths("a").withChildren(), "withChildren", "not for paths");
    }

    @Test
    void restoreNeedsTargetsThatFit() {
        unfit(() -> RestorePlan.latest("crm").build(), ".into(");
        unfit(
                () -> RestorePlan.latest("crm")
                        .into("files", TARGET)
                        .only("db", Selection.of("contact"))
                        .build(),
                "\"db\"",
                ".into(\"db\"");
        refused(() -> RestorePlan.latest("crm").into("db", TARGET).into("db", TARGET), "has a target already");
    }

    @Test
    void passphraseThatIsMissingOrWasOverwrittenIsRefused() {
        char[] kept = "secret".toCharArray();
        Encryption encryption = Encryption.passphrase(() -> kept);
        assertThat(encryption.askPassphrase()).containsExactly('s', 'e', 'c', 'r', 'e', 't');
        java.util.Arrays.fill(kept, '\0');
        unfit(encryption::askPassphrase, "all zeros", "fresh copy");
        unfit(Encryption.passphrase(() -> null)::askPassphrase, "gave null");
        unfit(Encryption.none()::askPassphrase, "NONE");
        assertThat(Encryption.passphrase("p\0"::toCharArray).askPassphrase()).hasSize(2);
    }

    @Test
    void plansTellWhatTheyDoAndNoSecrets() {
        assertThat(plan().tolerate("db", "*.tmp").build().toString()).contains("crm", "incremental", "a test's source");
        assertThat(RestorePlan.latest("crm").into("db", TARGET).build().toString())
                .contains("crm", "a test's target");
        assertThat(Encryption.passphrase("secret"::toCharArray).toString()).doesNotContain("secret");
    }

    @Test
    void compressionIsOfSourcesAndTheirCollections() {
        BackupPlan plan = plan().compression("db", Compression.isolated())
                .compression("db", "log", Compression.standard())
                .build();
        assertThat(plan.compression("db").isIsolated()).isTrue();
        assertThat(plan.compressionOfCollections("db")).isEqualTo(Map.of("log", Compression.standard()));
        assertThat(plan.toString()).contains("db is compressed isolated", "db/log is compressed standard");
        assertThat(plan().build().compression("db").isIsolated()).isFalse();
        assertThat(plan().build().compressionOfCollections("db")).isEmpty();
    }

    @Test
    void compressionOfUnknownSourcesIsRefused() {
        assertThatThrownBy(() ->
                        plan().compression("database", Compression.isolated()).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("plan crm: compression names source \"database\", but the plan has [db]");
        assertThatThrownBy(() -> plan().compression("database", "contact", Compression.isolated())
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("plan crm: compression names source \"database\", but the plan has [db]");
        assertThatThrownBy(() -> plan().compression("db", "", Compression.isolated()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a collection needs a name");
    }
}
