package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.KeptSnapshot;
import io.crmbackup.PreparedExpire;
import io.crmbackup.Retention;
import io.crmbackup.Snapshot;
import io.crmbackup.error.SnapshotNotFoundException;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.Sink;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpireTest {
    @TempDir
    private Path directory;

    private final InMemorySink sink = new InMemorySink();
    private SmallCrm crm;
    private BackupRepository repository;

    @BeforeEach
    void create() throws Exception {
        crm = new SmallCrm(directory);
        repository = crm.on(sink.client()).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private List<SnapshotId> listed() {
        return repository.snapshots().stream().map(Snapshot::id).toList();
    }

    @Test
    void nothingHappensBeforeCommit() throws Exception {
        for (int state = 1; state <= 4; state++) {
            crm.backup(repository, state);
        }
        List<SnapshotId> before = listed();
        PreparedExpire expire =
                repository.expire(SmallCrm.PLAN, Retention.keep().last(1));
        assertThat(expire.expired()).extracting(Snapshot::id).containsExactly(before.get(1), before.get(2));
        assertThat(expire.kept())
                .extracting(kept -> kept.snapshot().id())
                .containsExactly(before.get(0), before.get(3));
        assertThat(expire.kept())
                .extracting(KeptSnapshot::reasons)
                .containsExactly(
                        List.of("newest complete snapshot of the plan", "last 1"), List.of("newest full of the plan"));
        assertThat(listed()).isEqualTo(before);
    }

    @Test
    void planThatIsNotThereHasNothingToDrop() throws Exception {
        for (int state = 1; state <= 3; state++) {
            crm.backup(repository, state);
        }
        for (String plan : List.of("", "CRM", "cr")) {
            PreparedExpire expire = repository.expire(plan, Retention.keep().last(1));
            assertThat(expire.kept()).as("plan \"%s\"", plan).isEmpty();
            assertThat(expire.expired()).as("plan \"%s\"", plan).isEmpty();
        }
    }

    @Test
    void commitDropsWhatWasShownAndTheRestRestores() throws Exception {
        SmallCrm.Kept full = crm.backup(repository, 1);
        SmallCrm.Kept dropped = crm.backup(repository, 2);
        SmallCrm.Kept newest = crm.backup(repository, 3);
        PreparedExpire expire =
                repository.expire(SmallCrm.PLAN, Retention.keep().last(1));
        assertThat(expire.commit()).isEqualTo(expire.expired()).hasSize(1);
        assertThat(listed()).containsExactly(newest.id(), full.id());
        assertThatThrownBy(() -> crm.restored(repository, dropped.id())).isInstanceOf(SnapshotNotFoundException.class);
        crm.check(sink.client(), List.of(full, newest));
        assertThat(expire.commit()).as("nothing is left to drop").isEmpty();
    }

    @Test
    void backupsMadeMeanwhileNeverMakeMoreExpireThanWasShown() throws Exception {
        crm.backup(repository, 1);
        SmallCrm.Kept shown = crm.backup(repository, 2);
        SmallCrm.Kept keptThen = crm.backup(repository, 3);
        PreparedExpire expire =
                repository.expire(SmallCrm.PLAN, Retention.keep().last(1));
        crm.backup(repository, 4);
        assertThat(expire.commit()).extracting(Snapshot::id).containsExactly(shown.id());
        assertThat(listed()).contains(keptThen.id());
    }

    @Test
    void whatTheRuleKeepsByNowStaysThoughItWasShown() throws Exception {
        SmallCrm.Kept shown = crm.backup(repository, 1);
        SmallCrm.Kept full = new SmallCrm.Kept(
                repository
                        .backup(
                                BackupPlan.named(SmallCrm.PLAN)
                                        .source("db", SmallCrm.system(2))
                                        .build(),
                                BackupStrategy.full())
                        .snapshot(),
                crm.content(SmallCrm.system(2)));
        PreparedExpire expire =
                repository.expire(SmallCrm.PLAN, Retention.keep().last(1));
        assertThat(expire.expired()).extracting(Snapshot::id).containsExactly(shown.id());
        // Another client drops the snapshot for whose sake the first one could go.
        try (BackupRepository other = crm.on(sink.client()).open()) {
            other.expire(List.of(full.id())).commit();
        }
        assertThat(expire.commit()).isEmpty();
        assertThat(listed()).containsExactly(shown.id());
    }

    @Test
    void otherPlansAreLeftAlone() throws Exception {
        SnapshotId other = repository
                .backup(BackupPlan.named("other")
                        .source("db", SmallCrm.system(9))
                        .build())
                .snapshot();
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        crm.backup(repository, 3);
        BackupPlan plan = BackupPlan.named(SmallCrm.PLAN)
                .source("db", SmallCrm.system(1))
                .retention(Retention.keep().last(1))
                .build();
        assertThat(repository.expire(plan).commit()).hasSize(1);
        assertThat(listed()).contains(other).hasSize(3);
    }

    @Test
    void plansKeepEverythingUnlessTheySayOtherwise() throws Exception {
        crm.backup(repository, 1);
        crm.backup(repository, 2);
        BackupPlan plan =
                BackupPlan.named(SmallCrm.PLAN).source("db", SmallCrm.system(1)).build();
        assertThat(repository.expire(plan).commit()).isEmpty();
        assertThat(listed()).hasSize(2);
    }

    @Test
    void namedSnapshotsGoWhateverTheyAre() throws Exception {
        SmallCrm.Kept only = crm.backup(repository, 1);
        PreparedExpire expire = repository.expire(List.of(only.id()));
        assertThat(expire.kept()).isEmpty();
        assertThat(expire.commit()).extracting(Snapshot::id).containsExactly(only.id());
        assertThat(listed()).isEmpty();
        assertThatThrownBy(() -> repository.expire(List.of(only.id()))).isInstanceOf(SnapshotNotFoundException.class);
        assertThatThrownBy(() -> repository.expire(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void differentialBackupsGoOnFromTheFullThatIsKept() throws Exception {
        SmallCrm.Kept full = crm.backup(repository, 1);
        crm.backup(repository, 2);
        crm.backup(repository, 3);
        repository.expire(SmallCrm.PLAN, Retention.keep().last(1)).commit();
        var report = repository.backup(
                BackupPlan.named(SmallCrm.PLAN).source("db", SmallCrm.system(4)).build(),
                BackupStrategy.differential());
        assertThat(report.strategy()).isEqualTo(StrategyKind.DIFFERENTIAL);
        assertThat(report.baseSnapshot()).contains(full.id());
    }

    /** Two clients that expire by different rules, at every order with one switch, or more in campaigns: what each rule keeps in the end must be there. */
    @Test
    void newestSnapshotAndNewestFullSurviveTwoExpiresAtOnce() throws Exception {
        Workload<List<SmallCrm.Kept>, SnapshotId> two = new Workload<>() {
            @Override
            public List<SmallCrm.Kept> prepare(Sink empty) throws Exception {
                try (BackupRepository one = crm.on(empty).create()) {
                    return List.of(crm.backup(one, 1), crm.backup(one, 2), crm.backup(one, 3));
                }
            }

            @Override
            public void run(Sink client, List<SmallCrm.Kept> prepared, Consumer<SnapshotId> acknowledge)
                    throws Exception {
                try (BackupRepository one = crm.on(client).open()) {
                    one.expire(SmallCrm.PLAN, Retention.keep().last(1))
                            .commit()
                            .forEach(gone -> acknowledge.accept(gone.id()));
                }
            }

            @Override
            public void check(Sink client, List<SmallCrm.Kept> prepared, List<SnapshotId> acknowledged)
                    throws Exception {
                assertThat(acknowledged).containsExactly(prepared.get(1).id());
                crm.check(client, List.of(prepared.get(0), prepared.get(2)));
            }
        };
        assertThat(Interleavings.of(two, two).exhaustive(Integer.getInteger("crmbackup.switches", 1), 3000))
                .isBetween(10, 2999);
    }
}
