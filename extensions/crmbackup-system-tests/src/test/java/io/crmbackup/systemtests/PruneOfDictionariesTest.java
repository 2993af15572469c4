package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupStrategy;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.SnapshotSelection;
import io.crmbackup.VerifyDepth;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.pack.ChunkCopy;
import io.crmbackup.internal.pack.PackVisitor;
import io.crmbackup.internal.prune.PruneContext;
import io.crmbackup.internal.prune.WrongPrune;
import io.crmbackup.internal.repository.Inside;
import io.crmbackup.report.PruneReport;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.InMemoryTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a dictionary that a backup trained: the next ones use it, and it moves like any other chunk when its pack is given up. */
class PruneOfDictionariesTest {
    private static final String SECRET = "the marker that has to be gone";
    private static final int MAILS = 300;

    private final InMemorySink sink = new InMemorySink();
    private final InMemorySource system = new InMemorySource().collection("mail", Lab.FILES);
    private final Random random = new Random(1);
    private BackupRepository repository = create(sink);

    PruneOfDictionariesTest() {
        for (int i = 0; i < MAILS; i++) {
            mail(i, "nothing special");
        }
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private static BackupRepository create(InMemorySink sink) {
        return BackupRepository.on(sink.client()).encryption(Encryption.none()).create();
    }

    /** Long enough to be a chunk of its own, and much like all others; the subject is also in the record, and so in a leaf. */
    private void mail(int number, String subject) {
        StringBuilder text = new StringBuilder("From: someone@example.org\nSubject: " + subject + "\n\n");
        for (int i = 0; i < 12; i++) {
            text.append("Dear customer, we have received your request number ")
                    .append(random.nextLong())
                    .append(" and will answer it within ")
                    .append(random.nextInt(10))
                    .append(" days. Kind regards, your service team\n");
        }
        system.put(
                "mail",
                RecordKey.path("inbox/" + number),
                Lab.values(subject, text.toString().getBytes(StandardCharsets.US_ASCII)));
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

    private static Map<String, String> restored(BackupRepository repository, SnapshotId id) throws IOException {
        InMemoryTarget target = InMemoryTarget.empty();
        repository.restore(RestorePlan.snapshot(id).into("db", target).verify().build());
        return Objects.requireNonNull(Lab.content(target).get("mail"));
    }

    private Map<String, String> restored(SnapshotId id) throws IOException {
        return restored(repository, id);
    }

    private static PruneContext inside(BackupRepository repository) {
        PruneContext inside = Inside.of(repository);
        inside.load(inside.log().refresh());
        return inside;
    }

    /** All copies in packs that are there and that the log relies on. */
    private static Set<ChunkCopy> copies(BackupRepository repository) {
        PruneContext inside = inside(repository);
        Set<ChunkCopy> copies = new HashSet<>();
        inside.chunks().forEachCopy(copy -> {
            if (inside.log().state().isGood(copy.pack())) {
                copies.add(copy);
            }
        });
        return copies;
    }

    private static List<ChunkCopy> dictionaries(BackupRepository repository) {
        return copies(repository).stream()
                .filter(copy -> copy.type() == ChunkType.DICTIONARY)
                .toList();
    }

    private static Set<ChunkCopy> withDictionary(BackupRepository repository, ChunkId dictionary) {
        Set<ChunkCopy> copies = copies(repository);
        copies.removeIf(copy -> !dictionary.equals(copy.dictionary()));
        return copies;
    }

    private ChunkId onlyDictionary() {
        List<ChunkCopy> all = dictionaries(repository);
        assertThat(all).hasSize(1);
        return all.get(0).id();
    }

    /** Whether the plain bytes of any chunk but a dictionary, in any pack of the sink, hold the secret. */
    private boolean isSecretStored() throws IOException {
        PruneContext inside = inside(repository);
        Set<ObjectId> packs = new TreeSet<>();
        sink.client().list("packs/", object -> ObjectRole.PACK.id(object.name()).ifPresent(packs::add));
        boolean[] found = {false};
        for (ObjectId pack : packs) {
            inside.chunks().scan(pack, new PackVisitor() {
                @Override
                public void chunk(ChunkCopy copy, byte[] plain) {
                    found[0] |= copy.type() != ChunkType.DICTIONARY
                            && new String(plain, StandardCharsets.ISO_8859_1).contains(SECRET);
                }

                @Override
                public void damaged(DamagedObjectException damage) {
                    throw damage;
                }
            });
        }
        return found[0];
    }

    private void expectSound(Map<SnapshotId, Map<String, String>> states) throws IOException {
        reopen();
        assertThat(repository.verify(VerifyDepth.allData()).damages()).isEmpty();
        for (Map.Entry<SnapshotId, Map<String, String>> one : states.entrySet()) {
            assertThat(restored(one.getKey())).isEqualTo(one.getValue());
        }
    }

    @Test
    void contentsThatWereDroppedDoNotStayBesideADictionary() throws Exception {
        mail(MAILS, SECRET);
        SnapshotId secret = backup(BackupStrategy.full());
        ChunkId dictionary = onlyDictionary();
        system.remove("mail", RecordKey.path("inbox/" + MAILS));
        SnapshotId kept = backup(BackupStrategy.incremental());
        Map<String, String> state = restored(kept);
        repository.expire(List.of(secret)).commit();
        assertThat(isSecretStored()).isTrue();

        repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();

        reopen();
        assertThat(isSecretStored()).isFalse();
        assertThat(onlyDictionary()).isEqualTo(dictionary);
        assertThat(withDictionary(repository, dictionary)).hasSize(MAILS);
        expectSound(Map.of(kept, state));
        PruneReport again = repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();
        assertThat(again.packsCondemned() + again.bytesRewritten()).isZero();
    }

    @Test
    void dictionaryMovesWithoutWhatIsStoredWithIt() throws Exception {
        mail(MAILS, SECRET);
        SnapshotId secret = backup(BackupStrategy.full());
        ChunkId dictionary = onlyDictionary();
        Set<ChunkCopy> old = withDictionary(repository, dictionary);
        for (int i = 0; i <= MAILS; i++) {
            system.remove("mail", RecordKey.path("inbox/" + i));
        }
        for (int i = 0; i < 50; i++) {
            mail(1000 + i, "new");
        }
        SnapshotId kept = backup(BackupStrategy.incremental());
        Map<String, String> state = restored(kept);
        Set<ChunkCopy> dependents = withDictionary(repository, dictionary);
        dependents.removeAll(old);
        assertThat(dependents).hasSize(50);
        ObjectId before = dictionaries(repository).get(0).pack();
        repository.expire(List.of(secret)).commit();

        PruneReport report = repository.prune(WrongPrune.AT_ONCE).commit();

        reopen();
        assertThat(report.packsDeleted()).isPositive();
        assertThat(report.bytesRewritten()).isLessThan(20_000);
        assertThat(dictionaries(repository)).singleElement().satisfies(copy -> {
            assertThat(copy.id()).isEqualTo(dictionary);
            assertThat(copy.pack()).isNotEqualTo(before);
        });
        assertThat(withDictionary(repository, dictionary)).containsAll(dependents);
        expectSound(Map.of(kept, state));
    }

    @Test
    void dictionaryThatNothingNeedsIsDropped() throws Exception {
        SnapshotId full = backup(BackupStrategy.full());
        onlyDictionary();
        for (int i = 0; i < MAILS; i++) {
            system.remove("mail", RecordKey.path("inbox/" + i));
        }
        system.put("mail", RecordKey.path("inbox/random"), Lab.values("600", Lab.random(5000, 1)));
        BackupPlan other = BackupPlan.named("other").source("db", system).build();
        SnapshotId kept = repository.backup(other).snapshot();
        repository.expire(List.of(full)).commit();
        repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();
        reopen();
        assertThat(dictionaries(repository)).isEmpty();
        assertThat(restored(kept)).hasSize(1);
    }

    @Test
    void nextBackupsUseTheDictionaryWhateverBecameOfItsPack() throws Exception {
        SnapshotId first = backup(BackupStrategy.full());
        ChunkId dictionary = onlyDictionary();
        List<SnapshotId> kept = new ArrayList<>();
        mail(1000, "new");
        kept.add(backup(BackupStrategy.incremental()));
        assertThat(onlyDictionary()).isEqualTo(dictionary);
        repository.expire(List.of(first)).commit();
        repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();
        int before = withDictionary(repository, dictionary).size();
        for (int i = 0; i < 5; i++) {
            mail(1001 + i, "after the prune");
        }
        kept.add(backup(BackupStrategy.incremental()));
        assertThat(withDictionary(repository, dictionary)).hasSize(before + 5);
        assertThat(onlyDictionary()).isEqualTo(dictionary);
        mail(1010, "before the full one");
        SnapshotId own = backup(BackupStrategy.full().selfContained());
        Map<String, String> state = restored(own);
        repository.expire(kept).commit();
        repository.prune(WrongPrune.AT_ONCE.thoroughly()).commit();
        expectSound(Map.of(own, state));

        InMemorySink elsewhere = new InMemorySink();
        try (BackupRepository other = create(elsewhere)) {
            SnapshotId copy = repository
                    .copyTo(other, SnapshotSelection.all())
                    .copied()
                    .get(0)
                    .copy();
            assertThat(restored(other, copy)).isEqualTo(state);
            assertThat(other.verify(VerifyDepth.allData()).damages()).isEmpty();
        }
    }
}
