package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.PruneOptions;
import io.crmbackup.RestorePlan;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.report.BackupListener;
import io.crmbackup.report.Damage;
import io.crmbackup.report.RepairReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of two copies of a chunk each takes the place of the other when that is damaged, and is stored a second time by a repair. */
class HealingTest {
    private static final BackupStrategy FULL = BackupStrategy.full();

    private Lab lab;
    private Path work;
    private final InMemorySource files = new InMemorySource().collection("files", Lab.FILES);
    private SnapshotId first;
    private SnapshotId second;
    private Set<String> firstPacks;
    private Set<String> secondPacks;

    @BeforeEach
    void twoCopiesOfEverything(@TempDir Path work) throws IOException {
        this.work = work;
        lab = new Lab(work);
        for (int i = 0; i < 40; i++) {
            file("f" + i, i);
        }
        first = backup(lab.repository, FULL);
        firstPacks = packs(lab.sink);
        second = backup(lab.repository, FULL.selfContained());
        secondPacks = packs(lab.sink);
        secondPacks.removeAll(firstPacks);
        assertThat(secondPacks).hasSameSizeAs(firstPacks);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void file(String path, long seed) {
        files.put("files", RecordKey.path(path), Lab.values("rw", Lab.random(20_000, seed)));
    }

    private SnapshotId backup(BackupRepository repository, BackupStrategy strategy) {
        return repository
                .backup(BackupPlan.named("crm").source("s", files).build(), strategy)
                .snapshot();
    }

    private static Set<String> packs(InMemorySink sink) throws IOException {
        Set<String> names = new TreeSet<>();
        sink.list("packs/", object -> names.add(object.name()));
        return names;
    }

    private static Map<String, Map<String, String>> restored(BackupRepository repository, SnapshotId id)
            throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id).into("s", target).build());
        return Lab.content(target);
    }

    /** Ways in which a pack can be damaged. */
    private enum Kind {
        FLIPPED {
            @Override
            void strike(InMemorySink sink, String name) throws IOException {
                // No chunk is as short as a step: with fewer flips, which chunks are hit would depend on the order in
                // which threads happened to store them.
                byte[] stored = bytes(sink, name);
                for (int at = 87; at < stored.length; at += 32) {
                    stored[at] ^= 1;
                }
                sink.delete(name);
                sink.put(name, SinkContent.of(stored));
            }
        },
        TRUNCATED {
            @Override
            void strike(InMemorySink sink, String name) throws IOException {
                byte[] stored = bytes(sink, name);
                sink.delete(name);
                sink.put(name, SinkContent.of(Arrays.copyOf(stored, stored.length / 3)));
            }
        },
        MISSING {
            @Override
            void strike(InMemorySink sink, String name) throws IOException {
                sink.delete(name);
            }
        };

        abstract void strike(InMemorySink sink, String name) throws IOException;

        void strike(InMemorySink sink, Set<String> names) throws IOException {
            for (String name : names) {
                strike(sink, name);
            }
        }

        private static byte[] bytes(InMemorySink sink, String name) throws IOException {
            try (InputStream in = sink.get(name, 0, Long.MAX_VALUE)) {
                return in.readAllBytes();
            }
        }
    }

    /** Hears of damage. */
    private static final class Heard implements BackupListener {
        private final List<String> damaged = new ArrayList<>();
        private final Set<String> instead = new TreeSet<>();

        @Override
        public void damaged(String object, String what, String insteadOf) {
            assertThat(what).isNotEmpty();
            damaged.add(object);
            instead.add(insteadOf);
        }
    }

    @Test
    void readingFallsBackOnTheOtherCopyAndSaysSo() throws IOException {
        Map<String, Map<String, String>> content = Lab.content(files);
        for (Kind kind : Kind.values()) {
            for (boolean firstStruck : new boolean[] {true, false}) {
                InMemorySink sink = lab.sink.copy();
                Set<String> struck = firstStruck ? firstPacks : secondPacks;
                kind.strike(sink, struck);
                Heard heard = new Heard();
                try (BackupRepository repository = lab.open(sink, heard)) {
                    assertThat(restored(repository, first)).as("%s", kind).isEqualTo(content);
                    assertThat(restored(repository, second)).as("%s", kind).isEqualTo(content);
                }
                assertThat(heard.damaged)
                        .as("%s", kind)
                        .isNotEmpty()
                        .doesNotHaveDuplicates()
                        .isSubsetOf(struck);
                assertThat(heard.instead).isSubsetOf(firstStruck ? secondPacks : firstPacks);
            }
        }
    }

    @Test
    void repairMakesTwoGoodCopiesAgain() throws IOException {
        Map<String, Map<String, String>> content = Lab.content(files);
        for (Kind kind : Kind.values()) {
            for (boolean firstStruck : new boolean[] {true, false}) {
                InMemorySink sink = lab.sink.copy();
                Set<String> struck = firstStruck ? firstPacks : secondPacks;
                kind.strike(sink, struck);
                long chunks;
                try (BackupRepository repository = lab.open(sink)) {
                    RepairReport report = repository.repair(VerifyDepth.allData());
                    chunks = report.chunks();
                    assertThat(report.damaged()).as("%s", kind).containsExactlyElementsOf(struck);
                    assertThat(report.givenUp()).as("%s", kind).containsExactlyElementsOf(struck);
                    assertThat(report.remaining()).as("%s", kind).isEmpty();
                    assertThat(report.isSound()).isTrue();
                    assertThat(report.bytesStored()).isGreaterThan(800_000);
                    assertThat(repository.verify(VerifyDepth.allData()).damages())
                            .isEmpty();
                }
                assertThat(chunks).isGreaterThan(40);
                assertThat(packs(sink)).as("nothing is deleted").containsAll(kind == Kind.MISSING ? Set.of() : struck);
                // The copy that was good all the time is not needed any more, and the damaged one even less.
                for (String pack : packs(sink)) {
                    if (firstPacks.contains(pack) || secondPacks.contains(pack)) {
                        sink.delete(pack);
                    }
                }
                try (BackupRepository repository = lab.open(sink)) {
                    assertThat(restored(repository, first)).as("%s", kind).isEqualTo(content);
                    assertThat(restored(repository, second)).as("%s", kind).isEqualTo(content);
                }
            }
        }
    }

    @Test
    void repairLooksAtWhatWasMetWhileReading() throws IOException {
        Kind.FLIPPED.strike(lab.sink, firstPacks);
        try (BackupRepository repository = lab.open(lab.sink)) {
            restored(repository, first);
            RepairReport report = repository.repair(VerifyDepth.structure());
            assertThat(report.givenUp()).containsExactlyElementsOf(firstPacks);
        }
    }

    @Test
    void repairOfASoundRepositoryDoesNothing() {
        long puts = lab.sink.count(Operation.Kind.PUT);
        RepairReport report = lab.repository.repair(VerifyDepth.allData());
        assertThat(report.damaged()).isEmpty();
        assertThat(report.givenUp()).isEmpty();
        assertThat(report.isSound()).isTrue();
        assertThat(report.chunks()).isZero();
        assertThat(lab.sink.count(Operation.Kind.PUT)).isEqualTo(puts);
    }

    @Test
    void whatHasNoGoodCopyIsNotGivenUp() throws IOException {
        file("lost", 99);
        SnapshotId third = backup(lab.repository, BackupStrategy.incremental());
        Set<String> added = packs(lab.sink);
        added.removeAll(firstPacks);
        added.removeAll(secondPacks);
        Set<String> data = data(lab.sink, added);
        Set<String> struck = new TreeSet<>(data);
        struck.addAll(firstPacks);
        Kind.FLIPPED.strike(lab.sink, struck);
        try (BackupRepository repository = lab.open(lab.sink)) {
            RepairReport report = repository.repair(VerifyDepth.allData());
            assertThat(report.damaged()).containsExactlyElementsOf(struck);
            assertThat(report.givenUp()).containsExactlyElementsOf(firstPacks);
            assertThat(report.isSound()).isFalse();
            assertThat(report.remaining()).extracting(Damage::object).containsExactlyElementsOf(data);
            assertThat(report.remaining().get(0).snapshots()).containsExactly(third);
            assertThat(report.remaining().get(0).items()).containsExactly("s/files: lost");
            assertThat(restored(repository, first)).hasSize(1);
        }
    }

    @Test
    void whatCantBeGivenUpIsNotStoredAnewEachTime() throws IOException {
        file("lost", 99);
        for (int i = 0; i < 10; i++) {
            file("beside " + i, 100 + i);
        }
        backup(lab.repository, BackupStrategy.incremental());
        Set<String> added = packs(lab.sink);
        added.removeAll(firstPacks);
        added.removeAll(secondPacks);
        lab.sink.flip(data(lab.sink, added).iterator().next(), 100_000L * 8);
        List<Long> chunks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (BackupRepository repository = lab.open(lab.sink)) {
                RepairReport report = repository.repair(VerifyDepth.allData());
                assertThat(report.givenUp()).isEmpty();
                chunks.add(report.chunks());
            }
        }
        assertThat(chunks.get(0)).isEqualTo(10);
        assertThat(chunks.get(3)).isZero();
    }

    /** The packs that hold contents: the largest. */
    private static Set<String> data(InMemorySink sink, Set<String> packs) throws IOException {
        Set<String> large = new TreeSet<>();
        sink.list("packs/", object -> {
            if (packs.contains(object.name()) && object.length() > 15_000) {
                large.add(object.name());
            }
        });
        assertThat(large).hasSize(1);
        return large;
    }

    @Test
    void nothingIsGivenUpWhereItIsNotKnownWhatIsNeeded() throws IOException {
        Kind.FLIPPED.strike(lab.sink, packs(lab.sink));
        try (BackupRepository repository = lab.open(lab.sink)) {
            RepairReport report = repository.repair(VerifyDepth.allData());
            assertThat(report.damaged()).hasSize(firstPacks.size() + secondPacks.size());
            assertThat(report.givenUp()).isEmpty();
            assertThat(report.isSound()).isFalse();
        }
    }

    @Test
    void fullBackupHealsOlderSnapshots() throws IOException {
        Map<String, Map<String, String>> content = Lab.content(files);
        Kind.MISSING.strike(lab.sink, firstPacks);
        Kind.FLIPPED.strike(lab.sink, secondPacks);
        try (BackupRepository repository = lab.open(lab.sink)) {
            assertThatThrownBy(() -> restored(repository, first)).isInstanceOf(DamagedObjectException.class);
            assertThat(repository.verify(VerifyDepth.allData()).isSound()).isFalse();
            SnapshotId third = backup(repository, FULL);
            for (SnapshotId id : List.of(first, second, third)) {
                assertThat(restored(repository, id)).isEqualTo(content);
            }
            RepairReport report = repository.repair(VerifyDepth.allData());
            assertThat(report.remaining()).isEmpty();
            assertThat(report.givenUp()).containsExactlyElementsOf(report.damaged());
        }
        try (BackupRepository repository = lab.open(lab.sink)) {
            assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
            assertThat(restored(repository, first)).isEqualTo(content);
        }
    }

    @Test
    void packThatABackupReliesOnMeanwhileIsNotGivenUp() throws IOException {
        Kind.FLIPPED.strike(lab.sink, firstPacks);
        long[] entries = {0};
        lab.sink.list("log/", entry -> entries[0]++);
        boolean[] done = {false};
        WatchedSink watched = new WatchedSink(lab.sink, (kind, name) -> {
            // The reindex is the first new entry, the condemn the second.
            if (kind == Operation.Kind.PUT
                    && name.startsWith("log/")
                    && Long.parseLong(name.substring(4), 16) == entries[0] + 1
                    && !done[0]) {
                done[0] = true;
                try (BackupRepository unaware = lab.open(lab.sink)) {
                    backup(unaware, FULL);
                }
            }
        });
        try (BackupRepository repository = BackupRepository.on(watched)
                .encryption(Encryption.none())
                .workDirectory(work)
                .open()) {
            RepairReport report = repository.repair(VerifyDepth.allData());
            assertThat(done[0]).isTrue();
            assertThat(report.damaged()).containsExactlyElementsOf(firstPacks);
            assertThat(report.givenUp()).hasSizeLessThan(firstPacks.size());
            RepairReport again = repository.repair(VerifyDepth.allData());
            assertThat(again.givenUp()).isNotEmpty();
            assertThat(again.remaining()).isEmpty();
        }
    }

    @Test
    void whatWasGivenUpIsPruned() throws IOException {
        Map<String, Map<String, String>> content = Lab.content(files);
        PruneOptions atOnce = PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ZERO);
        for (boolean firstStruck : new boolean[] {true, false}) {
            InMemorySink sink = lab.sink.copy();
            Set<String> struck = firstStruck ? firstPacks : secondPacks;
            Kind.FLIPPED.strike(sink, struck);
            try (BackupRepository repository = lab.open(sink)) {
                repository.repair(VerifyDepth.allData());
                repository.prune(atOnce).commit();
                lab.turn(Duration.ofDays(2));
                repository.prune(atOnce).commit();
            }
            assertThat(packs(sink)).isNotEmpty().doesNotContainAnyElementsOf(struck);
            try (BackupRepository repository = lab.open(sink)) {
                assertThat(restored(repository, first)).isEqualTo(content);
                assertThat(restored(repository, second)).isEqualTo(content);
                assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
            }
        }
    }

    @Test
    void deltaOnABaseInADamagedPackIsStoredAnew() throws IOException {
        byte[] changed = Lab.random(20_000, 0);
        changed[10_000]++;
        files.put("files", RecordKey.path("f0"), Lab.values("rw", changed));
        SnapshotId third = backup(lab.repository, BackupStrategy.incremental());
        assertThat(StoredCopies.of(lab.sink)).anyMatch(copy -> copy.type() == ChunkType.DATA && copy.base() != null);
        // Neither of the two damages makes anything unreadable, and the base of the delta is in none of them.
        String one = data(lab.sink, firstPacks).iterator().next();
        String other = data(lab.sink, secondPacks).iterator().next();
        lab.sink.flip(one, 500_000L * 8);
        lab.sink.flip(other, 600_000L * 8);
        try (BackupRepository repository = lab.open(lab.sink)) {
            RepairReport report = repository.repair(VerifyDepth.allData());
            assertThat(report.givenUp()).containsExactlyInAnyOrder(one, other);
            assertThat(report.isSound()).isTrue();
        }
        lab.sink.delete(one);
        lab.sink.delete(other);
        try (BackupRepository repository = lab.open(lab.sink)) {
            assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
            assertThat(restored(repository, third)).isEqualTo(Lab.content(files));
        }
    }
}
