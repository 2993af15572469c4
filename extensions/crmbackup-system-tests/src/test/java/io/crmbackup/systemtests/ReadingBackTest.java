package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.RestorePlan;
import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import io.crmbackup.tck.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the sink to prove a restore. */
class ReadingBackTest {
    @TempDir
    private Path work;

    private Lab lab;

    @BeforeEach
    void create() {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** A target in which everything is already: it asks for no record, so that only the proof reads. */
    private record Restored(DataSource database) implements Target {
        @Override
        public TargetSession open(Map<String, String> attributes, List<RestoredCollection> collections) {
            return new TargetSession() {
                @Override
                public TargetPreview preview() {
                    return new TargetPreview(List.of(), List.of(), List.of());
                }

                @Override
                public void begin() {}

                @Override
                public WriteResult write(RestoredCollection collection) {
                    return new WriteResult(collection.records(), 0);
                }

                @Override
                public void finish() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public Optional<Source> readBack(Map<String, String> attributes) {
            return Optional.of(JdbcSource.of(database));
        }
    }

    private static void fill(DataSource database, String table) throws Exception {
        Databases.execute(
                database,
                "create table " + table + " (id int primary key, text varchar(100))",
                "insert into " + table + " select x, random_uuid() from system_range(1, 3000)");
    }

    private Set<String> packs() throws IOException {
        Set<String> packs = new TreeSet<>();
        lab.sink.client().list("packs/", object -> packs.add(object.name()));
        return packs;
    }

    /** How often a repository that knows nothing yet asks for each pack while it restores. */
    private Map<String, Integer> packsRead(RestorePlan plan, Consumer<Executable> expectation) throws IOException {
        Map<String, Integer> read = new TreeMap<>();
        WatchedSink sink = new WatchedSink(lab.sink.client(), (kind, name) -> {
            if (kind == Operation.Kind.GET && name.startsWith("packs/")) {
                read.merge(name, 1, Integer::sum);
            }
        });
        try (BackupRepository repository = BackupRepository.on(sink)
                .encryption(Encryption.none())
                .workDirectory(Files.createTempDirectory(work, "other"))
                .clock(lab.clock)
                .open()) {
            expectation.accept(() -> repository.restore(plan));
        }
        return read;
    }

    private static void expectDifference(Executable restore, String where) {
        assertThatThrownBy(restore::execute)
                .isInstanceOf(VerificationFailedException.class)
                .hasMessageContaining(where);
    }

    @Test
    void onlyTheTableThatDiffersIsReadFromTheRepository() throws Exception {
        DataSource database = Databases.h2(work, "db");
        fill(database, "one");
        lab.backup("db", JdbcSource.of(database));
        Set<String> ofOne = packs();
        fill(database, "two");
        lab.backup("db", JdbcSource.of(database));
        Set<String> all = packs();
        assertThat(all).hasSizeGreaterThan(ofOne.size());

        RestorePlan.Builder plan = RestorePlan.latest("crm").into("db", new Restored(database));
        Map<String, Integer> unproved = packsRead(plan.build(), Assertions::assertDoesNotThrow);
        RestorePlan proved = plan.verify().build();
        assertThat(packsRead(proved, Assertions::assertDoesNotThrow)).isEqualTo(unproved);

        Databases.execute(database, "update two set text = 'x' where id = 7");
        Map<String, Integer> read = packsRead(proved, restore -> expectDifference(restore, "db/TWO: "));
        assertThat(read).isNotEqualTo(unproved);
        ofOne.forEach(pack -> assertThat(read.get(pack)).as(pack).isEqualTo(unproved.get(pack)));

        Databases.execute(database, "delete from one where id = 8");
        assertThat(packsRead(proved, restore -> expectDifference(restore, "db/ONE: ")))
                .isNotEqualTo(read);
    }
}
