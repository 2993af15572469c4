package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.PruneOptions;
import io.crmbackup.Retention;
import io.crmbackup.VerifyDepth;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A repository that is pruned, with a clock that the test sets. */
abstract class PruneFixture {
    static final PruneOptions AT_ONCE =
            PruneOptions.standard().quarantine(Duration.ZERO).grace(Duration.ZERO);

    @TempDir
    Path directory;

    /** After all captures, which the system clock dates. */
    Instant now = Instant.parse("2100-01-01T12:00:00Z");

    final InMemorySink sink = new InMemorySink(() -> now);
    SmallCrm crm;
    BackupRepository repository;

    @BeforeEach
    void create() throws Exception {
        crm = new SmallCrm(directory);
        repository = crm.on(sink.client()).clock(() -> now).create();
    }

    @AfterEach
    void close() {
        repository.close();
    }

    TreeMap<String, Long> objects(String prefix) throws IOException {
        TreeMap<String, Long> names = new TreeMap<>();
        sink.client().list(prefix, object -> names.put(object.name(), object.length()));
        return names;
    }

    void expireAllButNewest() {
        repository.expire(SmallCrm.PLAN, Retention.keep().last(1)).commit();
    }

    PruneReport prune(PruneOptions options) {
        return repository.prune(options).commit();
    }

    void expectSound(SmallCrm.Kept... kept) throws IOException {
        assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
        for (SmallCrm.Kept one : kept) {
            crm.expectRestored(repository, one);
        }
        try (BackupRepository another = crm.on(sink.client()).open()) {
            assertThat(another.verify(VerifyDepth.allData()).damages()).isEmpty();
            for (SmallCrm.Kept one : kept) {
                crm.expectRestored(another, one);
            }
        }
    }

    SnapshotId full(boolean selfContained) throws IOException {
        BackupPlan plan =
                BackupPlan.named(SmallCrm.PLAN).source("db", SmallCrm.system(5)).build();
        return repository
                .backup(plan, selfContained ? BackupStrategy.full().selfContained() : BackupStrategy.full())
                .snapshot();
    }
}
