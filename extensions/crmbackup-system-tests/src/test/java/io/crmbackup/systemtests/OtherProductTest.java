package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of one product restored into another. */
class OtherProductTest {
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

    private Map<String, String> digests(List<PortableDigest> digests) {
        return digests.stream()
                .collect(Collectors.toMap(
                        PortableDigest::collection,
                        digest -> digest.records() + " " + digest.digest() + " " + digest.unportable(),
                        (one, other) -> one + other,
                        TreeMap::new));
    }

    /** Restores the latest snapshot into a database, and what that has then. */
    private Map<String, String> moved(DataSource from, JdbcTarget target, DataSource to) {
        SnapshotId snapshot = lab.backup("db", JdbcSource.of(from));
        try (PreparedRestore restore = lab.repository.prepare(
                RestorePlan.snapshot(snapshot).into("db", target).build())) {
            assertThat(restore.preview().notes())
                    .anySatisfy(note -> assertThat(note).contains("made anew"));
            restore.execute();
        }
        return digests(lab.repository.portableDigests("db", JdbcSource.of(to)));
    }

    /** How many foreign keys a database has. */
    private static int references(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            DatabaseMetaData data = connection.getMetaData();
            int count = 0;
            try (ResultSet tables =
                    data.getTables(connection.getCatalog(), null, "%", new String[] {"TABLE", "BASE TABLE"})) {
                while (tables.next()) {
                    try (ResultSet keys =
                            data.getImportedKeys(connection.getCatalog(), tables.getString(2), tables.getString(3))) {
                        while (keys.next()) {
                            count += keys.getInt("KEY_SEQ") == 1 ? 1 : 0;
                        }
                    }
                }
            }
            return count;
        }
    }

    @Test
    void aMusicShopMovesThroughFourProductsWithEqualDigests() throws Exception {
        TestDatabase postgres = Samples.chinook(PostgresServer.shared());
        Map<String, String> expected = digests(lab.repository.portableDigests("db", JdbcSource.of(postgres)));
        assertThat(expected).hasSize(11);
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        DataSource sqlite = Databases.sqlite(work, "shop");
        DataSource h2 = Databases.h2(work, "shop");
        assertThat(moved(postgres, JdbcTarget.empty(mariaDb), mariaDb)).isEqualTo(expected);
        assertThat(moved(mariaDb, JdbcTarget.empty(sqlite), sqlite)).isEqualTo(expected);
        assertThat(moved(sqlite, JdbcTarget.empty(h2), h2)).isEqualTo(expected);
        TestDatabase again = PostgresServer.shared().newDatabase();
        assertThat(moved(h2, JdbcTarget.empty(again), again)).isEqualTo(expected);
        assertThat(List.of(references(mariaDb), references(sqlite), references(h2), references(again)))
                .containsOnly(references(postgres))
                .containsOnly(11);
        again.execute("INSERT INTO artist (name) VALUES ('New')");
        mariaDb.execute("INSERT INTO artist (name) VALUES ('New')");
        Databases.execute(sqlite, "INSERT INTO artist (name) VALUES ('New')");
        Databases.execute(h2, "INSERT INTO \"artist\" (\"name\") VALUES ('New')");
    }
}
