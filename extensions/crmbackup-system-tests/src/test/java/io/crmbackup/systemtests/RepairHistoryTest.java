package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.PruneOptions;
import io.crmbackup.RestorePlan;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.report.Damage;
import io.crmbackup.report.RepairReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories with deltas, dictionaries and self-contained snapshots, in which packs are then damaged. Whatever could be restored before a
 * repair can be restored after it, with all that it gave up deleted; and what verify calls sound can be restored.
 */
class RepairHistoryTest {
    private static final PruneOptions AT_ONCE =
            PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ZERO);

    @TempDir
    private Path work;

    private final Map<SnapshotId, Map<String, Map<String, String>>> expected = new LinkedHashMap<>();
    private final Map<String, byte[]> large = new HashMap<>();

    @Test
    void whatCouldBeRestoredBeforeARepairCanBeRestoredAfterIt() throws IOException {
        long seed = Long.getLong("crmbackup.seed", 1);
        for (int i = 0; i < 4; i++) {
            expected.clear();
            large.clear();
            try {
                history(new Random(seed + i));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + (seed + i), e);
            }
        }
    }

    private void history(Random random) throws IOException {
        InMemorySource files = new InMemorySource().collection("files", Lab.FILES);
        try (Lab lab = new Lab(work)) {
            BackupPlan plan = BackupPlan.named("crm").source("s", files).build();
            for (int run = 0; run < 6; run++) {
                edit(files, random, run);
                lab.turn(Duration.ofHours(1));
                SnapshotId id =
                        lab.repository.backup(plan, strategy(random, run)).snapshot();
                expected.put(id, Lab.content(files));
                if (random.nextInt(6) == 0) {
                    lab.repository.prune(AT_ONCE).commit();
                }
            }
            damage(lab.sink, random);
            Set<SnapshotId> before = new LinkedHashSet<>();
            try (BackupRepository unaware = lab.open(lab.sink)) {
                for (SnapshotId id : expected.keySet()) {
                    if (isRestored(unaware, id)) {
                        before.add(id);
                    }
                }
            }
            RepairReport report;
            try (BackupRepository repository = lab.open(lab.sink)) {
                if (random.nextBoolean()) {
                    Set<SnapshotId> harmed = new LinkedHashSet<>();
                    for (Damage damage :
                            repository.verify(VerifyDepth.allData()).damages()) {
                        harmed.addAll(damage.snapshots());
                    }
                    Set<SnapshotId> sound = new LinkedHashSet<>(expected.keySet());
                    sound.removeAll(harmed);
                    assertThat(sound).isEqualTo(before);
                }
                report = repository.repair(VerifyDepth.allData());
            }
            InMemorySink without = lab.sink.copy();
            for (String pack : report.givenUp()) {
                without.delete(pack);
            }
            expect(lab, without, before, report);
            if (before.size() == expected.size()) {
                assertThat(report.remaining()).isEmpty();
                assertThat(report.givenUp()).isEqualTo(report.damaged());
            }
            try (BackupRepository repository = lab.open(lab.sink)) {
                if (random.nextBoolean()) {
                    repository.verify(VerifyDepth.allData());
                    edit(files, random, 7);
                    SnapshotId next =
                            repository.backup(plan, BackupStrategy.full()).snapshot();
                    expected.put(next, Lab.content(files));
                    before.add(next);
                }
                if (before.size() == expected.size()) {
                    repository.prune(AT_ONCE).commit();
                    lab.turn(Duration.ofDays(2));
                    repository.prune(AT_ONCE).commit();
                    assertThat(repository.verify(VerifyDepth.allData()).damages())
                            .isEmpty();
                }
            }
            expect(lab, lab.sink, before, report);
        }
    }

    private void expect(Lab lab, InMemorySink sink, Set<SnapshotId> good, RepairReport report) throws IOException {
        try (BackupRepository repository = lab.open(sink)) {
            for (SnapshotId id : good) {
                assertThat(isRestored(repository, id))
                        .as("%s after %s", id, report)
                        .isTrue();
            }
        }
    }

    private boolean isRestored(BackupRepository repository, SnapshotId id) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        try {
            repository.restore(RestorePlan.snapshot(id).into("s", target).build());
        } catch (DamagedObjectException e) {
            return false;
        }
        assertThat(Lab.content(target)).isEqualTo(expected.get(id));
        return true;
    }

    private static BackupStrategy strategy(Random random, int run) {
        return run == 0 || random.nextInt(4) == 0
                ? random.nextBoolean() ? BackupStrategy.full().selfContained() : BackupStrategy.full()
                : BackupStrategy.incremental();
    }

    private void edit(InMemorySource files, Random random, int run) {
        for (int i = 0; i < (run == 0 ? 120 : 20); i++) {
            String text =
                    "{\"subject\":\"An offer for customer %d\",\"state\":\"open\",\"owner\":\"team %d\",\"body\":\"%x\"}"
                            .formatted(random.nextInt(1_000), random.nextInt(9), random.nextLong());
            put(
                    files,
                    "small " + random.nextInt(150),
                    text.repeat(1 + random.nextInt(2)).getBytes(StandardCharsets.UTF_8));
        }
        for (int i = 0; i < 3; i++) {
            String name = "large " + random.nextInt(4);
            byte[] bytes = large.getOrDefault(name, Lab.random(60_000, random.nextLong()))
                    .clone();
            bytes[random.nextInt(bytes.length)]++;
            large.put(name, bytes);
            put(files, name, bytes);
        }
    }

    private static void put(InMemorySource files, String path, byte[] content) {
        files.put("files", RecordKey.path(path), Lab.values("rw", content));
    }

    private static void damage(InMemorySink sink, Random random) throws IOException {
        Set<String> names = new TreeSet<>();
        sink.list("packs/", object -> names.add(object.name()));
        List<String> packs = new ArrayList<>(names);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            String name = packs.remove(random.nextInt(packs.size()));
            byte[] stored;
            try (InputStream in = sink.get(name, 0, Long.MAX_VALUE)) {
                stored = in.readAllBytes();
            }
            switch (random.nextInt(4)) {
                case 0 -> sink.delete(name);
                case 1 -> {
                    sink.delete(name);
                    sink.put(name, SinkContent.of(Arrays.copyOf(stored, random.nextInt(stored.length))));
                }
                default -> {
                    for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                        sink.flip(name, random.nextInt(stored.length) * 8L);
                    }
                }
            }
        }
    }
}
