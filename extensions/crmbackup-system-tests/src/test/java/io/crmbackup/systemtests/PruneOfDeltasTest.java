package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.codec.ChunkCodec;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.BaseCopy;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.internal.prune.PruneContext;
import io.crmbackup.internal.prune.WrongPrune;
import io.crmbackup.internal.repository.Inside;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of chunks that are stored as what they differ in from others, when those are dropped. */
class PruneOfDeltasTest {
    private static final RecordSchema NOTE = RecordSchema.builder()
            .field("id", FieldType.INTEGER)
            .field("text", FieldType.TEXT)
            .key("id")
            .build();
    private static final String SECRET = "the marker that has to be gone";

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource system = new InMemorySource().collection("note", NOTE);
    private BackupRepository repository =
            BackupRepository.on(sink.client()).encryption(Encryption.none()).create();

    PruneOfDeltasTest() {
        Random random = new Random(1);
        for (int i = 0; i < 600; i++) {
            note(i, Long.toHexString(random.nextLong()) + " " + Long.toHexString(random.nextLong()));
        }
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private void note(int id, String text) {
        system.put("note", FieldValue.number(id), FieldValue.text(text));
    }

    private SnapshotId backup(BackupStrategy strategy) {
        return repository
                .backup(BackupPlan.named("crm").source("db", system).build(), strategy)
                .snapshot();
    }

    private void reopen() {
        repository.close();
        repository =
                BackupRepository.on(sink.client()).encryption(Encryption.none()).open();
    }

    private Map<String, String> restored(SnapshotId id) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id).into("db", target).verify().build());
        return Objects.requireNonNull(Lab.content(target).get("note"));
    }

    private List<ChunkCopy> deltas() {
        PruneContext inside = Inside.of(repository);
        List<ChunkCopy> deltas = new ArrayList<>();
        inside.chunks().forEachCopy(copy -> {
            if (copy.base() != null && inside.log().state().isGood(copy.pack())) {
                deltas.add(copy);
            }
        });
        return deltas;
    }

    /** How the copies are encoded that deltas are stored against. */
    private Set<ChunkCodec> codecsOfBases() {
        Set<BaseCopy> bases = new HashSet<>();
        deltas().forEach(delta -> bases.add(delta.base()));
        Set<ChunkCodec> codecs = EnumSet.noneOf(ChunkCodec.class);
        Inside.of(repository).chunks().forEachCopy(copy -> {
            if (bases.contains(new BaseCopy(copy.pack(), copy.offset(), copy.id()))) {
                codecs.add(copy.codec());
            }
        });
        return codecs;
    }

    /** Whether the plain bytes of any chunk in any pack of the sink hold the secret. */
    private boolean isSecretStored() throws IOException {
        PruneContext inside = Inside.of(repository);
        Set<ObjectId> packs = new TreeSet<>();
        sink.client().list("packs/", object -> ObjectRole.PACK.id(object.name()).ifPresent(packs::add));
        boolean[] found = {false};
        for (ObjectId pack : packs) {
            inside.chunks().scan(pack, new PackVisitor() {
                @Override
                public void chunk(ChunkCopy copy, byte[] plain) {
                    found[0] |= new String(plain, StandardCharsets.ISO_8859_1).contains(SECRET);
                }

                @Override
                public void damaged(DamagedObjectException damage) {
                    throw damage;
                }
            });
        }
        return found[0];
    }

    @Test
    void contentsThatWereDroppedAreInNoPackAnyMoreThoughOthersWereStoredAgainstThem() throws Exception {
        note(300, SECRET);
        SnapshotId secret = backup(BackupStrategy.full());
        note(300, "harmless");
        List<SnapshotId> kept = new ArrayList<>();
        List<Map<String, String>> states = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            note(301 + i, "changed " + i);
            kept.add(backup(BackupStrategy.incremental()));
            states.add(restored(kept.get(i)));
        }
        assertThat(deltas()).as("stored against the dropped contents").hasSizeGreaterThanOrEqualTo(4);
        assertThat(codecsOfBases()).contains(ChunkCodec.ZSTD_COLUMNS);
        assertThat(isSecretStored()).isTrue();
        repository.expire(List.of(secret)).commit();

        PruneReport report = repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();

        assertThat(report.basesReleased()).isPositive();
        reopen();
        assertThat(isSecretStored()).isFalse();
        assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
        for (int i = 0; i < kept.size(); i++) {
            assertThat(restored(kept.get(i))).isEqualTo(states.get(i));
        }
        assertThat(deltas()).as("the newest is the base of the others").hasSizeGreaterThanOrEqualTo(3);
        PruneReport again = repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();
        assertThat(again.basesReleased() + again.bytesRewritten()).isZero();
    }

    @Test
    void baseIsReleasedByAnOrdinaryPruneToo() throws Exception {
        note(300, SECRET);
        SnapshotId secret = backup(BackupStrategy.full());
        note(300, "harmless");
        SnapshotId kept = backup(BackupStrategy.incremental());
        Map<String, String> state = restored(kept);
        repository.expire(List.of(secret)).commit();
        assertThat(repository.prune(WrongPrune.AT_ONCE).preview().basesToRelease())
                .isPositive();
        repository.prune(WrongPrune.AT_ONCE).commit();
        PruneReport again = repository.prune(WrongPrune.AT_ONCE).commit();
        assertThat(again.basesReleased() + again.packsCondemned()).isZero();
        reopen();
        assertThat(restored(kept)).isEqualTo(state);
    }

    /** Prunes where a pack is needed for nothing but a base, of whose chunk the snapshots have another copy elsewhere; returns whether all is sound afterwards. */
    private boolean isSoundAfter(WrongPrune how) throws IOException {
        backup(BackupStrategy.full());
        replaceAll();
        SnapshotId first = backup(BackupStrategy.incremental());
        assertThat(deltas()).as("nothing in common with what was before").isEmpty();
        note(5000, "one more");
        SnapshotId delta = backup(BackupStrategy.incremental());
        assertThat(deltas()).isNotEmpty();
        Map<String, String> state = restored(delta);
        system.remove("note", Lab.intKey(5000));
        backup(BackupStrategy.full().selfContained());
        repository.expire(List.of(first)).commit();
        how.prepare(repository, WrongPrune.AT_ONCE).commit();
        reopen();
        return repository.verify(VerifyDepth.allData()).isSound()
                && restored(delta).equals(state);
    }

    /** Other records, of other letters. */
    private void replaceAll() {
        Random random = new Random(2);
        for (int i = 0; i < 600; i++) {
            system.remove("note", Lab.intKey(i));
            StringBuilder text = new StringBuilder();
            random.ints(40, 'g', 'z').forEach(text::appendCodePoint);
            note(1000 + i, text.toString());
        }
    }

    @Test
    void baseThatIsNeededStaysWhereItIs() throws Exception {
        assertThat(isSoundAfter(WrongPrune.NONE)).isTrue();
    }

    @Test
    void prunerThatForgetsBasesIsStoppedBeforeItDeletes() {
        assertThatThrownBy(() -> isSoundAfter(WrongPrune.BASE_NOT_KEPT))
                .isInstanceOf(DamagedObjectException.class)
                .hasMessageContaining("Nothing was deleted");
    }
}
