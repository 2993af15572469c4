package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Prunes of a repository with damage: what cannot be found is never taken for what nobody needs. */
class PruneDamageTest extends PruneFixture {
    @Test
    void chunkThatCannotBeFoundStopsEverything() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        crm.backup(repository, 3);
        expireAllButNewest();
        TreeMap<String, Long> log = objects("log/");
        // Every pack in turn: some are needed.
        int stopped = 0;
        for (String pack : objects("packs/").keySet()) {
            InMemorySink damaged = sink.copy();
            damaged.delete(pack);
            TreeMap<String, Long> before = new TreeMap<>();
            damaged.client().list("", object -> before.put(object.name(), object.length()));
            try (BackupRepository one = crm.on(damaged.client()).open()) {
                one.prune(AT_ONCE).commit();
            } catch (DamagedObjectException e) {
                stopped++;
                assertThat(e).hasMessageContaining("snapshot ").hasMessageContaining("plan crm");
                TreeMap<String, Long> after = new TreeMap<>();
                damaged.client().list("", object -> after.put(object.name(), object.length()));
                assertThat(after).isEqualTo(before);
            }
        }
        assertThat(stopped).isEqualTo(4);
        assertThat(objects("log/")).isEqualTo(log);
    }

    @Test
    void copyThatIsLostIsNotCountedOn() throws Exception {
        SnapshotId first = full(false);
        TreeMap<String, Long> original = objects("packs/");
        SnapshotId second = full(true);
        // The first snapshot's packs are lost; the second one has another copy of everything.
        for (String pack : original.keySet()) {
            sink.delete(pack);
        }
        repository.expire(List.of(second)).commit();
        prune(AT_ONCE);
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(crm.restored(another, first)).isEqualTo(crm.content(SmallCrm.system(5)));
        }
    }

    /** Who prunes does not know what another process found damaged. */
    @Test
    void copyThatWasStoredSinceAnotherWasFoundDamagedStays() throws Exception {
        SnapshotId first = full(false);
        int healed = 0;
        for (String pack : objects("packs/").keySet()) {
            for (int part = 1; part < 8; part++) {
                InMemorySink damaged = sink.copy();
                damaged.flip(pack, objects("packs/").get(pack) * part);
                now = now.plus(Duration.ofDays(1));
                try (BackupRepository one = crm.on(damaged.client()).open()) {
                    if (one.verify(VerifyDepth.allData()).damages().isEmpty()) {
                        continue;
                    }
                    one.backup(
                            BackupPlan.named(SmallCrm.PLAN)
                                    .source("db", SmallCrm.system(5))
                                    .build(),
                            BackupStrategy.full());
                }
                try (BackupRepository another = crm.on(damaged.client()).open()) {
                    another.prune(AT_ONCE).commit();
                    assertThat(crm.restored(another, first))
                            .as("%s, part %d", pack, part)
                            .isEqualTo(crm.content(SmallCrm.system(5)));
                }
                healed++;
            }
        }
        assertThat(healed).isPositive();
    }

    @Test
    void copyThatWasStoredSinceAnotherWasFoundDamagedIsMovedAsItIs() throws Exception {
        InMemorySource large = SmallCrm.system(5);
        large.put("file", SupportTickets.file(2), FieldValue.of(SinkScratch.bytes(3 << 20, 7)));
        BackupPlan plan = BackupPlan.named(SmallCrm.PLAN).source("db", large).build();
        SnapshotId first = repository.backup(plan, BackupStrategy.full()).snapshot();
        String pack = objects("packs/").entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        sink.flip(pack, objects("packs/").get(pack) * 4);
        now = now.plus(Duration.ofDays(1));
        try (BackupRepository one = crm.on(sink.client()).open()) {
            assertThat(one.verify(VerifyDepth.allData()).damages()).isNotEmpty();
            one.backup(plan, BackupStrategy.full());
        }
        for (int state = 10; state < 30; state++) {
            crm.backup(repository, state);
        }
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(another.prune(AT_ONCE).commit().packsDeleted()).isGreaterThan(32);
            assertThat(objects("packs/")).containsKey(pack);
            assertThat(crm.restored(another, first)).isEqualTo(crm.content(large));
        }
    }

    @Test
    void listingThatShowsNothingDeletesNothingThatIsNeeded() throws Exception {
        List<SmallCrm.Kept> kept = new ArrayList<>();
        for (int state = 1; state <= 4; state++) {
            kept.add(crm.backup(repository, state));
        }
        expireAllButNewest();
        Sink blind = new ForwardingSink(sink.client()) {
            @Override
            public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
                if (!prefix.equals("packs/")) {
                    super.list(prefix, visitor);
                }
            }
        };
        try (BackupRepository one = crm.on(blind).open()) {
            one.prune(AT_ONCE).commit();
        }
        expectSound(kept.get(0), kept.get(3));
    }
}
