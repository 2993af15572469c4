package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.BackupRepositoryBuilder;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.error.BackupException;
import io.crmbackup.error.CommitStateUnknownException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.NotARepositoryException;
import io.crmbackup.error.RepositoryExistsException;
import io.crmbackup.error.SinkException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.error.WrongKeyException;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.fs.DirectorySource;
import io.crmbackup.fs.DirectoryTarget;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.object.KeySlots;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.RepositoryHeader;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.tck.InMemorySource;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpeningTest {
    @TempDir
    private Path directory;

    private final InMemorySink sink = new InMemorySink();

    private BackupRepositoryBuilder on(InMemorySink store) {
        return Crm.on(store.client(), directory.resolve("work"));
    }

    private BackupRepositoryBuilder with(Encryption encryption) {
        return on(sink).encryption(encryption);
    }

    @Test
    void openingNothingSaysHowToMakeOne() {
        assertThatThrownBy(() -> on(sink).open())
                .isInstanceOf(NotARepositoryException.class)
                .hasMessageContaining("create()");
        assertThat(sink.size()).isZero();
    }

    @Test
    void creatingWhereOneIsFails() {
        String id;
        try (BackupRepository repository = on(sink).create()) {
            id = repository.id();
        }
        assertThatThrownBy(() -> on(sink).create())
                .isInstanceOf(RepositoryExistsException.class)
                .hasMessageContaining("open()");
        try (BackupRepository repository = on(sink).openOrCreate()) {
            assertThat(repository.id()).isEqualTo(id);
        }
    }

    @Test
    void creatingAmongForeignObjectsFails() throws Exception {
        sink.put("holiday", SinkContent.of(new byte[3]));
        for (BackupRepositoryBuilder builder : List.of(on(sink), on(sink))) {
            assertThatThrownBy(builder::create)
                    .isInstanceOf(NotARepositoryException.class)
                    .hasMessageContaining("holiday");
        }
        assertThatThrownBy(() -> on(sink).openOrCreate()).isInstanceOf(NotARepositoryException.class);
        assertThat(sink.size()).isEqualTo(1);
    }

    @Test
    void encryptionHasToBeSaid() {
        assertThatThrownBy(() -> BackupRepository.on(sink).create())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(".encryption(");
        assertThat(sink.size()).isZero();
    }

    @Test
    void wrongSecretsOpenNothing() throws Exception {
        Path key = Files.write(directory.resolve("key"), Crm.bytes(1, 32));
        Path other = Files.write(directory.resolve("other"), Crm.bytes(2, 32));
        with(Encryption.keyFile(key)).create().close();
        with(Encryption.keyFile(key)).open().close();
        assertThatThrownBy(() -> with(Encryption.keyFile(other)).open()).isInstanceOf(WrongKeyException.class);
        assertThatThrownBy(() -> with(Encryption.none()).open()).isInstanceOf(WrongKeyException.class);
        assertThatThrownBy(
                        () -> with(Encryption.passphrase("secret"::toCharArray)).open())
                .isInstanceOf(WrongKeyException.class);
        assertThatThrownBy(() ->
                        with(Encryption.keyFile(directory.resolve("missing"))).open())
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void passphraseIsNeededAndWiped() {
        char[] given = "correct horse".toCharArray();
        with(Encryption.passphrase(() -> given)).create().close();
        assertThat(given).containsOnly('\0');
        with(Encryption.passphrase("correct horse"::toCharArray)).open().close();
        assertThatThrownBy(() -> with(Encryption.passphrase("Correct horse"::toCharArray))
                        .open())
                .isInstanceOf(WrongKeyException.class);
    }

    @Test
    void emptyOrMissingSecretsCreateNothing() throws Exception {
        Path brief = Files.write(directory.resolve("brief"), new byte[31]);
        assertThatThrownBy(() -> with(Encryption.passphrase(() -> new char[0])).create())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("empty");
        assertThatThrownBy(() -> with(Encryption.keyFile(brief)).create())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("31");
        assertThatThrownBy(() ->
                        with(Encryption.keyFile(directory.resolve("missing"))).create())
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("missing");
        assertThat(sink.size()).isZero();
    }

    @Test
    void onlyTheExpectedRepositoryIsOpened() {
        String id;
        try (BackupRepository repository = on(sink).create()) {
            id = repository.id();
        }
        on(sink).expect(id).open().close();
        String other = id.substring(1) + (id.startsWith("0") ? "1" : "0");
        assertThatThrownBy(() -> on(sink).expect(other).open())
                .isInstanceOf(NotARepositoryException.class)
                .hasMessageContaining(id)
                .hasMessageContaining(other);
        InMemorySink empty = new InMemorySink();
        assertThatThrownBy(() -> on(empty).expect(id).openOrCreate()).isInstanceOf(NotARepositoryException.class);
        assertThat(empty.size()).as("nothing may be put in its place").isZero();
    }

    @Test
    void creationThatWasCutShortAnywhereIsMadeGood() throws Exception {
        int puts = 3;
        for (int cut = 0; cut < puts; cut++) {
            int last = cut;
            InMemorySink store = new InMemorySink();
            WatchedSink dying = new WatchedSink(store.client(), (kind, name) -> {
                if (kind == Operation.Kind.PUT && store.size() == last) {
                    throw new IllegalStateException("the process dies");
                }
            });
            assertThatThrownBy(() -> Crm.on(dying, directory.resolve("work")).create())
                    .isInstanceOf(cut == 2 ? CommitStateUnknownException.class : IllegalStateException.class);
            assertThat(store.size()).isEqualTo(cut);
            boolean exists = cut == 2;
            if (exists) {
                assertThatThrownBy(() -> on(store).create()).isInstanceOf(RepositoryExistsException.class);
                on(store).open().close();
            } else {
                assertThatThrownBy(() -> on(store).open()).isInstanceOf(NotARepositoryException.class);
                on(store).create().close();
            }
            try (BackupRepository repository = on(store).open()) {
                repository.backup(
                        BackupPlan.named("crm").source("db", Crm.database()).build());
                assertThat(repository.snapshots()).hasSize(1);
            }
        }
    }

    @Test
    void sinkThatOnlyReadsOpensAndRestores() throws Exception {
        InMemorySource database = Crm.database();
        Crm.contact(database, 1, "Ada");
        BackupPlan plan = BackupPlan.named("crm").source("db", database).build();
        try (BackupRepository repository = on(sink).create()) {
            repository.backup(plan);
        }
        WatchedSink readOnly = new WatchedSink(sink.client(), (kind, name) -> {
            if (kind == Operation.Kind.PUT || kind == Operation.Kind.DELETE) {
                throw new AccessDeniedException(name);
            }
        });
        try (BackupRepository repository =
                Crm.on(readOnly, directory.resolve("work")).open()) {
            assertThat(Contents.of(repository, repository.snapshots().get(0).id(), "db"))
                    .isEqualTo(Contents.of(database));
            assertThatThrownBy(() -> repository.backup(plan)).isInstanceOf(SinkException.class);
        }
    }

    @Test
    void headerThatWasAlteredAnywhereOpensNothing() throws Exception {
        on(sink).create().close();
        for (int i = 0; i < read(sink, "repository").length; i++) {
            InMemorySink altered = sink.copy();
            altered.flip("repository", 8L * i + i % 8);
            assertThatThrownBy(() -> on(altered).open()).as("byte %d", i).isInstanceOf(DamagedObjectException.class);
        }
    }

    @Test
    void formatOfANewerVersionIsRefused() throws Exception {
        on(sink).create().close();
        byte[] header = read(sink, "repository");
        header[9]++;
        CRC32C checksum = new CRC32C();
        checksum.update(header, 0, 60);
        ByteBuffer.wrap(header).putInt(60, (int) checksum.getValue());
        sink.delete("repository");
        sink.put("repository", SinkContent.of(header));
        assertThatThrownBy(() -> on(sink).open())
                .isInstanceOf(UnsupportedFormatException.class)
                .hasMessageContaining("version 2");
        assertThatThrownBy(() -> on(sink).create()).isInstanceOf(RepositoryExistsException.class);
    }

    private static byte[] read(InMemorySink store, String name) throws IOException {
        try (InputStream in = store.get(name, 0, Long.MAX_VALUE)) {
            return in.readAllBytes();
        }
    }

    @Test
    void closedRepositoryRefusesEverything() {
        BackupRepository repository = on(sink).create();
        repository.close();
        assertThatCode(repository::close).doesNotThrowAnyException();
        InMemorySource database = Crm.database();
        assertThatThrownBy(() -> repository.backup(
                        BackupPlan.named("crm").source("db", database).build()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the repository is closed");
        assertThatThrownBy(repository::snapshots).isInstanceOf(IllegalStateException.class);
        assertThat(directory.resolve("work")).isEmptyDirectory();
    }

    @Test
    void closingWhileABackupRunsEndsIt() {
        InMemorySource database = Crm.database();
        Crm.contact(database, 1, "Ada");
        BackupRepository repository = on(sink).create();
        BackupPlan plan = BackupPlan.named("crm")
                .source("db", Crm.before(database, repository::close))
                .build();
        assertThatThrownBy(() -> repository.backup(plan))
                .isInstanceOfAny(BackupException.class, IllegalStateException.class);
        try (BackupRepository again = on(sink).open()) {
            assertThat(again.snapshots()).isEmpty();
        }
        assertThat(directory.resolve("work")).isEmptyDirectory();
    }

    @Test
    void repositoryAndWhatItBacksUpLieApart() throws Exception {
        Path data = Files.createDirectories(directory.resolve("data"));
        Path inside = Files.createDirectories(data.resolve("inside"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), data);
        try (BackupRepository repository = Crm.on(
                        DirectorySink.at(inside.resolve("repository")).createDirectory(), directory.resolve("work"))
                .create()) {
            for (Path around : List.of(data, inside, link, inside.resolve("repository/packs"))) {
                assertThatThrownBy(() -> repository.backup(BackupPlan.named("crm")
                                .source("files", DirectorySource.of(around))
                                .build()))
                        .as("%s", around)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("keep them apart");
            }
            Path beside = Files.createDirectories(directory.resolve("database"));
            repository.backup(BackupPlan.named("crm")
                    .source("files", DirectorySource.of(beside))
                    .build());
            assertThatThrownBy(() -> repository.restore(RestorePlan.latest("crm")
                            .into("files", DirectoryTarget.at(link.resolve("inside/repository/new")))
                            .build()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("keep them apart");
        }
    }

    @Test
    void parametersOfAnotherVersionAreRefused() throws Exception {
        InMemorySink sink = new InMemorySink();
        String id;
        try (BackupRepository repository =
                BackupRepository.on(sink.client()).encryption(Encryption.none()).create()) {
            id = repository.id();
        }
        ObjectStore store = new ObjectStore(sink.client(), Retries.immediately(1));
        try (SlotSecret secret = SlotSecret.none();
                MasterKey master = new KeySlots(store)
                        .unlock(RepositoryId.of(HexFormat.of().parseHex(id)), secret)) {
            RepositoryHeader header =
                    RepositoryHeader.open(store.get(ObjectRole.REPOSITORY, RepositoryHeader.NAME), master);
            for (Map.Entry<String, Long> odd : Map.of(
                            "chunk.max", 1L << 40, "chunk.radius", 1L, "tree.leaf-radius", 0L, "tree.inner-radius", 7L)
                    .entrySet()) {
                SortedMap<String, Long> parameters = new TreeMap<>(header.parameters());
                parameters.put(odd.getKey(), odd.getValue());
                store.delete(RepositoryHeader.NAME);
                store.put(
                        RepositoryHeader.NAME,
                        new RepositoryHeader(header.id(), header.created(), parameters).seal(master));
                assertThatThrownBy(() -> BackupRepository.on(sink.client())
                                .encryption(Encryption.none())
                                .open())
                        .as(odd.toString())
                        .isInstanceOf(UnsupportedFormatException.class)
                        .hasMessageContaining("parameters that this version of the library does not know");
            }
        }
    }
}
