package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.Selection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.report.Damage;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.tck.InMemorySink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damage of packs: found, and told with exactly what it harms. */
class VerifyPacksTest extends VerifyFixture {
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
}
