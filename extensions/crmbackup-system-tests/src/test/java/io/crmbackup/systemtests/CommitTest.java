package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.CommitStateUnknownException;
import io.crmbackup.error.SinkException;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.log.Log;
import io.crmbackup.internal.log.LogEntry;
import io.crmbackup.internal.log.LogState;
import io.crmbackup.internal.manifest.Manifest;
import io.crmbackup.internal.manifest.ManifestCodec;
import io.crmbackup.internal.object.IdSet;
import io.crmbackup.internal.object.KeySlots;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.report.BackupReport;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.SinkObject;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits while others change the repository, and while the sink fails. */
class CommitTest {
    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource files = Crm.files();
    private final InMemorySource database = Crm.database();
    private BackupReport first;

    @BeforeEach
    void firstBackup() {
        for (int i = 0; i < 30; i++) {
            Crm.file(files, "f" + i, Crm.bytes(i, 5_000));
            Crm.contact(database, i, "contact " + i, "f" + i, 5_000);
        }
        try (BackupRepository repository = Crm.on(sink.client(), work).create()) {
            first = repository.backup(plan(() -> {}));
        }
    }

    private BackupPlan plan(Crm.Event midway) {
        return BackupPlan.named("crm")
                .source("files", files)
                .source("db", Crm.before(database, midway))
                .build();
    }

    /** Another client's view of the repository. */
    private Log.Context context() {
        ObjectStore store = new ObjectStore(sink.client(), Retries.immediately(3));
        RepositoryId id = RepositoryId.of(HexFormat.of().parseHex(repositoryId()));
        SecureRandom random = new SecureRandom();
        try (SlotSecret secret = SlotSecret.none();
                MasterKey master = new KeySlots(store).unlock(id, secret)) {
            return new Log.Context(
                    store, new ObjectSealer(master, random), random, InstantSource.system(), Retries.immediately(3));
        }
    }

    private Log log() {
        return Log.open(context(), null);
    }

    private Manifest manifest(BackupReport report) {
        Log.Context context = context();
        String name = Manifest.objectName(report.snapshot());
        byte[] stored = context.store().get(ObjectRole.SNAPSHOT, name);
        return new ManifestCodec().decode(name, context.sealer().open(ObjectRole.SNAPSHOT, name, stored));
    }

    private String repositoryId() {
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            return repository.id();
        }
    }

    private void expire() {
        log().expire(state -> IdSet.of(
                state.snapshots().stream().map(live -> live.summary().id()).toList()));
    }

    /** Condemns every pack that there is, and deletes those that may go at once. */
    private void condemnAll() {
        log().condemn(state -> Optional.of(new LogEntry.Condemn(state.known().minus(state.condemned()), List.of())));
    }

    private void expectRestored(BackupRepository repository, BackupReport report) throws IOException {
        assertThat(Contents.of(repository, report.snapshot(), "files")).isEqualTo(Contents.of(files));
        assertThat(Contents.of(repository, report.snapshot(), "db")).isEqualTo(Contents.of(database));
    }

    private void sweepCondemned() throws IOException {
        LogState state = log().state();
        for (ObjectId pack : state.condemned()) {
            sink.delete("packs/" + pack.toString().substring(0, 2) + "/" + pack);
        }
    }

    @Test
    void baseThatExpiresMeanwhileIsNotNeeded() throws Exception {
        Crm.file(files, "f3", Crm.bytes(1003, 5_000));
        BackupReport report;
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            report = repository.backup(plan(this::expire));
            assertThat(report.strategy()).isEqualTo(StrategyKind.INCREMENTAL);
            assertThat(report.base()).isEqualTo(first.snapshot());
        }
        LogState state = log().state();
        assertThat(state.snapshots()).hasSize(1);
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            expectRestored(repository, report);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "incremental", "self-contained"})
    void packsThatAreCondemnedMeanwhileAreStoredAnew(String kind) throws Exception {
        BackupStrategy strategy = switch (kind) {
            case "full" -> BackupStrategy.full();
            case "incremental" -> BackupStrategy.incremental();
            default -> BackupStrategy.full().selfContained();
        };
        Crm.file(files, "f3", Crm.bytes(1003, 5_000));
        AtomicBoolean once = new AtomicBoolean(true);
        // When the log's entry is about to be put, all packs are condemned, those of this very run included.
        WatchedSink watched = new WatchedSink(sink.client(), (operation, name) -> {
            if (operation == Operation.Kind.PUT && name.startsWith("snap/") && once.getAndSet(false)) {
                expire();
                List<ObjectId> packs = new ArrayList<>();
                sink.list(
                        "packs/",
                        object -> packs.add(ObjectId.parse(object.name().substring(9))));
                log().condemn(state -> Optional.of(new LogEntry.Condemn(IdSet.of(packs), List.of())));
            }
        });
        BackupReport report;
        try (BackupRepository repository = Crm.on(watched, work).open()) {
            report = repository.backup(plan(() -> {}), strategy);
            expectRestored(repository, report);
        }
        List<ObjectId> own = manifest(report).packs();
        assertThat(own.isEmpty()).isEqualTo(!strategy.isSelfContained());
        assertThat(own).doesNotContainAnyElementsOf(log().state().condemned());
        sweepCondemned();
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            assertThat(repository.snapshots()).extracting(one -> one.id()).containsExactly(report.snapshot());
            expectRestored(repository, report);
            BackupReport next = repository.backup(plan(() -> {}));
            expectRestored(repository, next);
        }
    }

    @Test
    void packsThatAreCondemnedBeforeTheyAreSharedAreNotShared() throws Exception {
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            BackupReport report = repository.backup(
                    plan(() -> {
                        expire();
                        condemnAll();
                    }),
                    BackupStrategy.full());
            sweepCondemned();
            try (BackupRepository other = Crm.on(sink.client(), work).open()) {
                expectRestored(other, report);
            }
        }
    }

    @Test
    void sinkThatFailsAtAnyStepKeepsNoSnapshot() throws Exception {
        for (String step : List.of("packs/", "index/", "snap/", "log/")) {
            Crm.file(files, "f3", Crm.bytes(step.hashCode(), 5_000));
            WatchedSink failing = new WatchedSink(sink.client(), (operation, name) -> {
                if (operation == Operation.Kind.PUT && name.startsWith(step)) {
                    throw new AccessDeniedException(name);
                }
            });
            try (BackupRepository repository = Crm.on(failing, work).open()) {
                assertThatThrownBy(() -> repository.backup(plan(() -> {})))
                        .as(step)
                        .isInstanceOf(step.equals("log/") ? CommitStateUnknownException.class : SinkException.class);
                assertThat(repository.snapshots()).as(step).hasSize(1);
            }
        }
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            expectRestored(repository, repository.backup(plan(() -> {})));
        }
    }

    @Test
    void entryWhoseAnswerWasLostIsKept() throws Exception {
        Crm.file(files, "f3", Crm.bytes(1003, 5_000));
        AtomicBoolean stored = new AtomicBoolean();
        WatchedSink failing = new WatchedSink(sink.client(), (operation, name) -> {
            if (stored.get() && name.startsWith("log/")) {
                throw new AccessDeniedException(name);
            }
            stored.compareAndSet(false, operation == Operation.Kind.PUT && name.startsWith("log/"));
        });
        try (BackupRepository repository = Crm.on(failing, work).open()) {
            assertThatThrownBy(() -> repository.backup(plan(() -> {}))).isInstanceOf(CommitStateUnknownException.class);
        }
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            assertThat(repository.snapshots()).hasSize(2);
            Map<String, Map<String, List<String>>> kept =
                    Contents.of(repository, repository.snapshots().get(0).id(), "files");
            assertThat(kept).isEqualTo(Contents.of(files));
        }
    }

    @Test
    void backupsOfTwoHandlesAtOnceBothSucceed() throws Exception {
        Crm.file(files, "f3", Crm.bytes(1003, 5_000));
        List<BackupReport> reports = new ArrayList<>();
        try (BackupRepository one = Crm.on(sink.client(), work).open();
                BackupRepository two = Crm.on(sink.client(), work).open()) {
            reports.add(one.backup(plan(() -> reports.add(two.backup(plan(() -> {}))))));
            assertThat(one.snapshots()).hasSize(3);
            for (BackupReport report : reports) {
                assertThat(report.base()).isEqualTo(first.snapshot());
                expectRestored(one, report);
                expectRestored(two, report);
            }
        }
    }

    @Test
    void committedBackupIsReportedThoughItsIndexCantBeReadBack() throws Exception {
        Crm.file(files, "f3", Crm.bytes(1003, 5_000));
        AtomicBoolean committed = new AtomicBoolean();
        WatchedSink failing = new WatchedSink(sink.client(), (operation, name) -> {
            if (committed.get() && operation == Operation.Kind.GET && name.startsWith("index/")) {
                throw new AccessDeniedException(name);
            }
            committed.compareAndSet(false, operation == Operation.Kind.PUT && name.startsWith("log/"));
        });
        BackupReport report;
        try (BackupRepository repository = Crm.on(failing, work).open()) {
            report = repository.backup(plan(() -> {}));
            assertThat(committed).isTrue();
        }
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            expectRestored(repository, report);
        }
    }

    @Test
    void verifyOfTheHandleThatBackedUpLooksAtTheSink() throws Exception {
        List<SinkObject> packs = new ArrayList<>();
        sink.list("packs/", packs::add);
        try (BackupRepository repository = Crm.on(sink.client(), work).open()) {
            BackupReport report = repository.backup(plan(() -> {}));
            expectRestored(repository, report); // whatever is cached now was good
            for (SinkObject pack : packs) {
                sink.flip(pack.name(), 8 * (pack.length() / 3)); // in some chunk of each pack, nodes among them
            }
            assertThat(repository.verify(VerifyDepth.structure()).isSound()).isFalse();
        }
    }
}
