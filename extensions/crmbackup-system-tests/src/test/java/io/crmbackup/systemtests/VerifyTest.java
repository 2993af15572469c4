package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage of each kind: found, told with exactly what it harms, and what it does not harm restores. */
class VerifyTest {
    private static final int LARGE = 400_000;

    private Lab lab;
    private InMemorySource files;

    @BeforeEach
    void create(@TempDir Path work) {
        lab = new Lab(work);
        files = new InMemorySource()
                .collection("files", Lab.FILES)
                .collection(
                        "contact",
                        RecordSchema.builder()
                                .field(Lab.required("id", FieldType.INTEGER))
                                .field("name", FieldType.TEXT)
                                .key("id")
                                .build());
        for (int i = 0; i < 300; i++) {
            files.put("contact", Lab.values(i, "name " + i));
        }
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void file(String path, long seed) {
        files.put("files", RecordKey.path(path), Lab.values("rw", Lab.random(LARGE, seed)));
    }

    private SnapshotId backup() {
        return lab.backup("s", files);
    }

    private SnapshotId selfContained() {
        return lab.repository
                .backup(
                        BackupPlan.named("crm").source("s", files).build(),
                        BackupStrategy.full().selfContained())
                .snapshot();
    }

    private static Map<String, Long> objects(InMemorySink sink, String prefix) throws IOException {
        Map<String, Long> names = new TreeMap<>();
        sink.list(prefix, object -> names.put(object.name(), object.length()));
        return names;
    }

    /** The objects with this prefix that something added. */
    private Map<String, Long> added(String prefix, Runnable work) throws IOException {
        Map<String, Long> before = objects(lab.sink, prefix);
        work.run();
        Map<String, Long> after = objects(lab.sink, prefix);
        after.keySet().removeAll(before.keySet());
        return after;
    }

    /** The largest of some objects: of packs, the one with data rather than nodes. */
    private static String largest(Map<String, Long> objects) {
        return objects.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static String smallest(Map<String, Long> objects) {
        return objects.entrySet().stream()
                .min(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private VerifyReport verify(InMemorySink sink, VerifyDepth depth) {
        try (BackupRepository repository = lab.open(sink)) {
            return repository.verify(depth);
        }
    }

    private Map<String, Map<String, String>> restore(InMemorySink sink, SnapshotId id, Selection... selections)
            throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        RestorePlan.Builder plan = RestorePlan.snapshot(id).into("s", target);
        for (Selection selection : selections) {
            plan.only("s", selection);
        }
        try (BackupRepository repository = lab.open(sink)) {
            repository.restore(plan.build());
        }
        return Lab.content(target);
    }

    private static byte[] bytes(InMemorySink sink, String name) throws IOException {
        try (InputStream in = sink.get(name, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        }
    }

    @Test
    void soundRepositoryIsSoundAtEachDepth() throws IOException {
        file("a", 1);
        backup();
        file("b", 2);
        backup();
        for (VerifyDepth depth : List.of(VerifyDepth.structure(), VerifyDepth.sample(0.5), VerifyDepth.allData())) {
            VerifyReport report = verify(lab.sink, depth);
            assertThat(report.damages()).isEmpty();
            assertThat(report.isSound()).isTrue();
            assertThat(report.snapshots()).isEqualTo(2);
        }
        assertThat(verify(lab.sink, VerifyDepth.allData()).bytes()).isGreaterThan(2L * LARGE);
        assertThat(verify(lab.sink, VerifyDepth.structure()).bytes()).isZero();
    }

    @Test
    void missingPackNamesExactlyTheSnapshotsAndItemsThatNeedIt() throws IOException {
        file("shared", 1);
        SnapshotId first = backup();
        SnapshotId[] later = new SnapshotId[2];
        Map<String, Long> packs = added("packs/", () -> {
            file("only-later", 2);
            later[0] = backup();
        });
        file("last", 3);
        files.remove("files", RecordKey.path("shared"));
        later[1] = backup();
        String data = largest(packs);
        InMemorySink damaged = lab.sink.copy();
        damaged.delete(data);
        for (VerifyDepth depth : List.of(VerifyDepth.structure(), VerifyDepth.allData())) {
            VerifyReport report = verify(damaged, depth);
            assertThat(report.damages()).hasSize(1);
            Damage damage = report.damages().get(0);
            assertThat(damage.object()).isEqualTo(data);
            assertThat(damage.what()).contains("is missing");
            assertThat(damage.snapshots()).containsExactly(later);
            assertThat(damage.items()).containsExactly("s/files: only-later");
        }
        assertThat(restore(damaged, first).get("files")).containsOnlyKeys("shared");
        assertThat(restore(damaged, later[1], Selection.paths("last")).get("files"))
                .containsOnlyKeys("last");
        assertThatThrownBy(() -> restore(damaged, later[1]))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContaining(data)
                .hasMessageContaining("needed for s/files: only-later");
    }

    @Test
    void anotherGoodCopyMakesDamageHarmless() throws IOException {
        file("a", 1);
        Map<String, Long> packs = added("packs/", this::backup);
        SnapshotId full = selfContained();
        for (String pack : packs.keySet()) {
            InMemorySink damaged = lab.sink.copy();
            damaged.delete(pack);
            VerifyReport report = verify(damaged, VerifyDepth.allData());
            assertThat(report.damages()).hasSize(1);
            assertThat(report.damages().get(0).object()).isEqualTo(pack);
            assertThat(report.damages().get(0).what()).contains("every snapshot can be restored all the same");
            assertThat(report.damages().get(0).snapshots()).isEmpty();
            for (var snapshot : lab.repository.snapshots()) {
                assertThat(restore(damaged, snapshot.id())).isEqualTo(Lab.content(files));
            }
        }
        assertThat(full).isNotNull();
    }

    @Test
    void damagedBaseHarmsWhatIsADeltaOnItToo() throws IOException {
        byte[] content = Lab.random(20_000, 1);
        SnapshotId[] ids = new SnapshotId[3];
        Map<String, Long> packs = added("packs/", () -> {
            files.put("files", RecordKey.path("edited"), Lab.values("rw", content));
            ids[0] = backup();
        });
        for (int i = 1; i < 3; i++) {
            content[500 * i]++;
            files.put("files", RecordKey.path("edited"), Lab.values("rw", content));
            ids[i] = backup();
        }
        file("other", 2);
        files.remove("files", RecordKey.path("edited"));
        SnapshotId last = backup();
        String data = largest(packs);
        assertThat(StoredCopies.of(lab.sink))
                .filteredOn(copy ->
                        copy.base() != null && data.endsWith(copy.base().pack().toString()))
                .as("deltas on the content, in packs of their own")
                .hasSize(2)
                .noneMatch(copy -> data.endsWith(copy.pack().toString()));
        InMemorySink lost = lab.sink.copy();
        lost.delete(data);
        InMemorySink flipped = lab.sink.copy();
        flipped.flip(data, 8L * 9_000);
        assertThat(verify(flipped, VerifyDepth.structure()).damages()).isEmpty();
        for (VerifyReport report : List.of(
                verify(lost, VerifyDepth.structure()),
                verify(lost, VerifyDepth.allData()),
                verify(flipped, VerifyDepth.allData()))) {
            assertThat(report.damages())
                    .filteredOn(damage -> damage.object().equals(data))
                    .singleElement()
                    .satisfies(damage -> {
                        assertThat(damage.snapshots()).containsExactly(ids);
                        assertThat(damage.items()).containsExactly("s/files: edited");
                    });
        }
        assertThat(restore(lost, last)).isEqualTo(Lab.content(files));
    }

    @Test
    void flippedBitAnywhereInAPackIsFound() throws IOException {
        file("a", 1);
        Map<String, Long> packs = added("packs/", this::backup);
        Random random = new Random(5);
        for (Map.Entry<String, Long> pack : packs.entrySet()) {
            long length = pack.getValue();
            List<Long> at = new ArrayList<>(List.of(0L, 9L, 64L, 70L, 120L, length / 2, length - 1, length - 40));
            for (int i = 0; i < 12; i++) {
                at.add((long) (random.nextDouble() * length));
            }
            for (long offset : at) {
                InMemorySink damaged = lab.sink.copy();
                damaged.flip(pack.getKey(), offset * 8 + random.nextInt(8));
                VerifyReport report = verify(damaged, VerifyDepth.allData());
                assertThat(report.damages())
                        .as("a bit of byte %d of %d of %s", offset, length, pack.getKey())
                        .isNotEmpty()
                        .anyMatch(damage -> damage.object().equals(pack.getKey()));
            }
        }
    }

    @Test
    void flippedBitInOneContentHarmsThatItemOnly() throws IOException {
        file("a", 1);
        file("b", 2);
        SnapshotId id = backup();
        String data = largest(objects(lab.sink, "packs/"));
        InMemorySink damaged = lab.sink.copy();
        damaged.flip(data, 8L * 200_000);
        VerifyReport report = verify(damaged, VerifyDepth.allData());
        assertThat(report.damages()).hasSize(1);
        Damage damage = report.damages().get(0);
        assertThat(damage.snapshots()).containsExactly(id);
        assertThat(damage.items()).hasSize(1);
        String lost = damage.items().get(0);
        String kept = lost.equals("s/files: a") ? "b" : "a";
        assertThat(restore(damaged, id, Selection.paths(kept)).get("files")).containsOnlyKeys(kept);
        assertThat(restore(damaged, id, Selection.of("contact")).get("contact")).hasSize(300);
        assertThatThrownBy(() -> restore(damaged, id)).hasMessageContaining("it is needed for " + lost);
    }

    @Test
    void cutPackIsFound() throws IOException {
        file("a", 1);
        backup();
        for (Map.Entry<String, Long> pack : objects(lab.sink, "packs/").entrySet()) {
            for (long length : List.of(0L, 1L, 63L, 64L, pack.getValue() / 2, pack.getValue() - 1)) {
                InMemorySink damaged = lab.sink.copy();
                byte[] bytes = bytes(damaged, pack.getKey());
                damaged.delete(pack.getKey());
                damaged.put(pack.getKey(), SinkContent.of(Arrays.copyOf(bytes, (int) length)));
                for (VerifyDepth depth : List.of(VerifyDepth.structure(), VerifyDepth.allData())) {
                    assertThat(verify(damaged, depth).damages())
                            .as("%s cut to %d, %s", pack.getKey(), length, depth)
                            .anyMatch(damage -> damage.object().equals(pack.getKey()));
                }
            }
        }
    }

    @Test
    void damagedNodesHarmAllSnapshotsThatShareThem() throws IOException {
        file("a", 1);
        SnapshotId first = backup();
        SnapshotId second = backup();
        String nodes = smallest(objects(lab.sink, "packs/"));
        InMemorySink damaged = lab.sink.copy();
        damaged.delete(nodes);
        VerifyReport report = verify(damaged, VerifyDepth.structure());
        assertThat(report.damages()).hasSize(1);
        assertThat(report.damages().get(0).snapshots()).containsExactly(first, second);
        assertThat(report.damages().get(0).items())
                .containsExactly("s: all of it", "s/contact: all of it", "s/files: all of it");
    }

    @Test
    void damagedManifestHarmsItsSnapshotOnly() throws IOException {
        file("a", 1);
        SnapshotId first = backup();
        file("a", 2);
        SnapshotId second = backup();
        String name = "snap/" + second.hex();
        InMemorySink missing = lab.sink.copy();
        missing.delete(name);
        InMemorySink flipped = lab.sink.copy();
        flipped.flip(name, 8L * 100);
        for (InMemorySink damaged : List.of(missing, flipped)) {
            VerifyReport report = verify(damaged, VerifyDepth.structure());
            assertThat(report.damages()).hasSize(1);
            assertThat(report.damages().get(0).object()).isEqualTo(name);
            assertThat(report.damages().get(0).snapshots()).containsExactly(second);
            assertThat(report.damages().get(0).items()).containsExactly("all of it");
            assertThat(restore(damaged, first).get("files")).containsOnlyKeys("a");
            assertThatThrownBy(() -> restore(damaged, second))
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void damagedIndexIsMadeUpForByThePacks() throws IOException {
        file("a", 1);
        SnapshotId first = backup();
        file("b", 2);
        SnapshotId second = backup();
        for (String name : objects(lab.sink, "index/").keySet()) {
            InMemorySink missing = lab.sink.copy();
            missing.delete(name);
            InMemorySink flipped = lab.sink.copy();
            flipped.flip(name, 8L * 100);
            for (InMemorySink damaged : List.of(missing, flipped)) {
                VerifyReport report = verify(damaged, VerifyDepth.allData());
                assertThat(report.damages()).hasSize(1);
                assertThat(report.damages().get(0).object()).isEqualTo(name);
                assertThat(report.damages().get(0).what()).contains("the packs themselves tell");
                assertThat(report.damages().get(0).snapshots()).isEmpty();
                assertThat(restore(damaged, first).get("files")).containsOnlyKeys("a");
                assertThat(restore(damaged, second).get("files")).containsOnlyKeys("a", "b");
            }
        }
    }

    @Test
    void damagedIndexAndPackTogetherAreTold() throws IOException {
        file("a", 1);
        SnapshotId id = backup();
        InMemorySink damaged = lab.sink.copy();
        damaged.delete(objects(damaged, "index/").keySet().iterator().next());
        String data = largest(objects(damaged, "packs/"));
        damaged.delete(data);
        VerifyReport report = verify(damaged, VerifyDepth.structure());
        assertThat(report.damages()).anyMatch(damage -> damage.object().equals(data));
        assertThat(report.damages())
                .anyMatch(damage ->
                        damage.snapshots().contains(id) && damage.items().contains("s/files: a"));
        assertThat(restore(damaged, id, Selection.of("contact")).get("contact")).hasSize(300);
    }

    @Test
    void damagedLogOrHeaderIsTypedWhenOpenedAndFoundWhileOpen() throws IOException {
        file("a", 1);
        SnapshotId id = backup();
        List<String> names = new ArrayList<>(objects(lab.sink, "log/").keySet());
        names.add("repository");
        for (String name : names) {
            InMemorySink damaged = lab.sink.copy();
            try (BackupRepository open = lab.open(damaged)) {
                damaged.flip(name, 8L * 70);
                VerifyReport report = open.verify(VerifyDepth.structure());
                assertThat(report.damages()).extracting(Damage::object).containsExactly(name);
                assertThat(report.damages().get(0).snapshots()).containsExactly(id);
            }
            assertThatThrownBy(() -> lab.open(damaged).close())
                    .isInstanceOf(DamagedObjectException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void damagedKeySlotIsFound() throws IOException {
        backup();
        String name = objects(lab.sink, "keys/").keySet().iterator().next();
        InMemorySink damaged = lab.sink.copy();
        try (BackupRepository open = lab.open(damaged)) {
            damaged.flip(name, 8L * 70);
            assertThat(open.verify(VerifyDepth.structure()).damages())
                    .extracting(Damage::object)
                    .containsExactly(name);
        }
    }

    @Test
    void packsExchangedForEachOtherAreFound() throws IOException {
        file("a", 1);
        backup();
        Map<String, Long> second = added("packs/", () -> {
            file("a", 2);
            backup();
        });
        String one = largest(objects(lab.sink, "packs/"));
        String two = second.keySet().stream()
                .filter(name -> !name.equals(one))
                .findFirst()
                .orElseThrow();
        InMemorySink damaged = lab.sink.copy();
        byte[] ones = bytes(damaged, one);
        byte[] twos = bytes(damaged, two);
        damaged.delete(one);
        damaged.delete(two);
        damaged.put(one, SinkContent.of(twos));
        damaged.put(two, SinkContent.of(ones));
        assertThat(verify(damaged, VerifyDepth.structure()).damages())
                .extracting(Damage::object)
                .contains(one, two);
    }

    @Test
    void snapshotRestoresExactlyIfNoDamageNamesIt() throws IOException {
        List<SnapshotId> ids = new ArrayList<>();
        List<Map<String, Map<String, String>>> states = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            if (i == 2) {
                file("b", 2);
            } else if (i != 1) {
                file("a", i);
                for (int contact = i; contact < 300; contact += 37) {
                    files.put("contact", Lab.values(contact, "changed in run " + i));
                }
            }
            ids.add(backup());
            states.add(Lab.content(files));
        }
        List<String> packs = List.copyOf(objects(lab.sink, "packs/").keySet());
        int harmed = 0;
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            InMemorySink damaged = lab.sink.copy();
            String pack = packs.get(random.nextInt(packs.size()));
            if (seed < packs.size()) {
                pack = packs.get((int) seed);
                damaged.delete(pack);
            } else {
                damaged.flip(pack, (long) (random.nextDouble()
                        * objects(damaged, pack.substring(0, 9)).get(pack)
                        * 8));
            }
            List<Damage> damages = verify(damaged, VerifyDepth.allData()).damages();
            assertThat(damages).as("seed %d", seed).isNotEmpty();
            for (int i = 0; i < ids.size(); i++) {
                SnapshotId id = ids.get(i);
                boolean named =
                        damages.stream().anyMatch(damage -> damage.snapshots().contains(id));
                harmed += named ? 1 : 0;
                boolean restored;
                try {
                    assertThat(restore(damaged, id)).isEqualTo(states.get(i));
                    restored = true;
                } catch (DamagedObjectException e) {
                    restored = false;
                }
                assertThat(restored)
                        .as("seed %d, snapshot %d, %s", seed, i, damages)
                        .isEqualTo(!named);
            }
        }
        assertThat(harmed).isBetween(20, 4 * 40 - 20);
    }

    @Test
    void reportsAreFitForALogLine() throws IOException {
        file("a", 1);
        backup();
        assertThat(verify(lab.sink, VerifyDepth.structure()).toString())
                .contains("damages=[]")
                .doesNotContain("\n");
        assertThat(VerifyDepth.sample(0.25)).hasToString("sample of 0.25");
        assertThatThrownBy(() -> VerifyDepth.sample(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VerifyDepth.sample(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
