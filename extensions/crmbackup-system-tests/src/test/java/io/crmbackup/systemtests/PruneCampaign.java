package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.PreparedExpire;
import io.crmbackup.PruneOptions;
import io.crmbackup.Retention;
import io.crmbackup.Snapshot;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.CommitConflictException;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.internal.prune.WrongPrune;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.VerifyReport;
import io.crmbackup.spi.Sink;
import io.crmbackup.tck.Faults;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.SimulatedSink;
import io.crmbackup.tck.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Random programs of backups, expires, prunes and restores. Whatever befalls them, in the end every snapshot that was acknowledged and that nobody began to drop restores to what it was, all data verifies, and pruning again changes neither, until
 * there is nothing left to prune.
 */
final class PruneCampaign implements Workload<List<PruneCampaign.Fact>, PruneCampaign.Fact> {
    private final TinyCrm crm;
    private final Program program;
    private final AtomicInteger checks = new AtomicInteger();

    /** One of so many checks prunes to the end and opens anew; the first one always does. */
    private static final int DEEP = 10;

    /** What is done with a repository. */
    @FunctionalInterface
    interface Program {
        void run(PruneCampaign campaign, BackupRepository repository, Consumer<Fact> tell) throws IOException;
    }

    /** What was told: a snapshot was kept, or some are about to be dropped. */
    record Fact(List<TinyCrm.Kept> kept, List<SnapshotId> going) {}

    PruneCampaign(TinyCrm crm, Program program) {
        this.crm = crm;
        this.program = program;
    }

    /** So many steps at random. */
    static PruneCampaign random(TinyCrm crm, long seed, int steps) {
        return new PruneCampaign(crm, (campaign, repository, tell) -> {
            Random random = new Random(seed);
            for (int i = 0; i < steps; i++) {
                campaign.step(repository, random, tell);
            }
        });
    }

    /** Four snapshots, the third of which is gone. */
    @Override
    public List<Fact> prepare(Sink sink) throws Exception {
        try (BackupRepository repository = crm.on(sink).create()) {
            List<Fact> facts = new ArrayList<>();
            for (long state = 1; state <= 4; state++) {
                backup(repository, state, BackupStrategy.incremental(), facts::add);
            }
            repository.expire(List.of(facts.get(2).kept().get(0).id())).commit();
            facts.remove(2);
            return List.copyOf(facts);
        }
    }

    @Override
    public void run(Sink sink, List<Fact> prepared, Consumer<Fact> tell) throws Exception {
        try (BackupRepository repository = crm.on(sink).open()) {
            program.run(this, repository, tell);
        }
    }

    private void step(BackupRepository repository, Random random, Consumer<Fact> tell) throws IOException {
        switch (random.nextInt(7)) {
            case 0, 1 -> backup(repository, 2 + random.nextInt(4), BackupStrategy.incremental(), tell);
            case 2 ->
                backup(
                        repository,
                        2 + random.nextInt(4),
                        random.nextBoolean()
                                ? BackupStrategy.full()
                                : BackupStrategy.full().selfContained(),
                        tell);
            case 3 -> expire(repository, random, tell);
            case 4, 5 ->
                prune(
                        WrongPrune.NONE,
                        repository,
                        random.nextInt(4) == 0 ? WrongPrune.AT_ONCE.thoroughly() : WrongPrune.AT_ONCE);
            default -> restore(repository);
        }
    }

    void backup(BackupRepository repository, long state, BackupStrategy strategy, Consumer<Fact> tell)
            throws IOException {
        InMemorySource system = TinyCrm.system(state);
        try {
            SnapshotId id = repository
                    .backup(BackupPlan.named(TinyCrm.PLAN).source("db", system).build(), strategy)
                    .snapshot();
            tell.accept(new Fact(List.of(new TinyCrm.Kept(id, Lab.content(system))), List.of()));
        } catch (CommitConflictException | SnapshotNotFoundException e) {
            // What it was based on was pruned away while it ran: it says so, and has to be run again.
        }
    }

    private static void expire(BackupRepository repository, Random random, Consumer<Fact> tell) {
        List<Snapshot> all = repository.snapshots(TinyCrm.PLAN);
        PreparedExpire expire = random.nextBoolean() || all.size() < 2
                ? repository.expire(TinyCrm.PLAN, Retention.keep().last(1 + random.nextInt(2)))
                : repository.expire(List.of(all.get(random.nextInt(all.size())).id()));
        tell.accept(
                new Fact(List.of(), expire.expired().stream().map(Snapshot::id).toList()));
        expire.commit();
    }

    void prune(WrongPrune how, BackupRepository repository, PruneOptions options) {
        try {
            how.prepare(repository, options).commit();
        } catch (CommitConflictException | SnapshotNotFoundException e) {
            // Others pruned or expired what it was looking at: the next prune does better.
        }
    }

    /** Drops the oldest snapshot. */
    void expireOldest(BackupRepository repository, Consumer<Fact> tell) {
        List<Snapshot> all = repository.snapshots(TinyCrm.PLAN);
        SnapshotId oldest = all.get(all.size() - 1).id();
        tell.accept(new Fact(List.of(), List.of(oldest)));
        repository.expire(List.of(oldest)).commit();
    }

    private void restore(BackupRepository repository) throws IOException {
        List<Snapshot> all = repository.snapshots(TinyCrm.PLAN);
        if (!all.isEmpty()) {
            try {
                crm.restored(repository, all.get(all.size() - 1).id());
            } catch (SnapshotNotFoundException e) {
                // It expired while it was read.
            }
        }
    }

    @Override
    public void check(Sink sink, List<Fact> prepared, List<Fact> told) throws Exception {
        Map<SnapshotId, TinyCrm.Kept> known = new HashMap<>();
        Set<SnapshotId> going = new HashSet<>();
        for (List<Fact> facts : List.of(prepared, told)) {
            for (Fact fact : facts) {
                fact.kept().forEach(one -> known.put(one.id(), one));
                going.addAll(fact.going());
            }
        }
        try (BackupRepository repository =
                crm.on(SimulatedSink.over(sink, Faults.none())).open()) {
            expectAll(repository, known, going);
            repository.prune(WrongPrune.AT_ONCE).commit();
            expectSound(repository);
            if (checks.getAndIncrement() % DEEP > 0) {
                return;
            }
            expectNothingToPrune(repository);
            expectAll(repository, known, going);
            expectSound(repository);
        }
        try (BackupRepository repository =
                crm.on(SimulatedSink.over(sink, Faults.none())).open()) {
            expectAll(repository, known, going);
        }
    }

    private static void expectNothingToPrune(BackupRepository repository) {
        repository.prune(WrongPrune.AT_ONCE).commit();
        PruneReport third = repository.prune(WrongPrune.AT_ONCE).commit();
        assertThat(third.packsCondemned() + third.packsDeleted() + third.indexesDeleted() + third.manifestsDeleted())
                .as("what a third prune still finds: %s", third)
                .isZero();
    }

    private void expectAll(BackupRepository repository, Map<SnapshotId, TinyCrm.Kept> known, Set<SnapshotId> going)
            throws IOException {
        Set<SnapshotId> missing = new HashSet<>(known.keySet());
        for (Snapshot snapshot : repository.snapshots(TinyCrm.PLAN)) {
            missing.remove(snapshot.id());
            TinyCrm.Kept one = known.get(snapshot.id());
            if (one != null) {
                crm.expectRestored(repository, one);
            } else {
                assertThat(crm.restored(repository, snapshot.id())).isNotEmpty();
            }
        }
        missing.removeAll(going);
        assertThat(missing)
                .as("snapshots that nobody dropped and that are gone")
                .isEmpty();
    }

    private static void expectSound(BackupRepository repository) {
        VerifyReport report = repository.verify(VerifyDepth.allData());
        assertThat(report.damages()).as("damaged").isEmpty();
    }
}
