package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupRepository;
import io.crmbackup.Selection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.tck.InMemorySink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damage of what leads to the data: found, told with exactly what it harms, and what it does not harm restores. */
class VerifyTest extends VerifyFixture {
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
