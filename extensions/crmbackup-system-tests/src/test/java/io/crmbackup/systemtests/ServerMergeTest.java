package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.RestorePlan;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.jdbc.Tables;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.spi.OnConflict;
import io.crmbackup.tck.InMemorySink;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are put back into databases in service, on real servers. */
class ServerMergeTest {
    @TempDir
    private Path work;

    private final InMemorySink sink = new InMemorySink();

    @Test
    void rowsOfPostgresArePutBack() throws Exception {
        rowsArePutBack(PostgresServer.shared().newDatabase());
    }

    @Test
    void rowsOfMariaDbArePutBack() throws Exception {
        rowsArePutBack(MariaDbServer.shared().newDatabase());
    }

    private void rowsArePutBack(TestDatabase database) throws SQLException, IOException {
        database.execute(
                "CREATE TABLE company (code varchar(20) PRIMARY KEY, name varchar(50), founded date, worth decimal(12, 2))",
                "CREATE TABLE contact (id int PRIMARY KEY, company varchar(20) REFERENCES company (code), name varchar(50),"
                        + " rating double precision, seen timestamp NULL)",
                "CREATE TABLE note (contact int NOT NULL, n int NOT NULL, body text, PRIMARY KEY (contact, n),"
                        + " FOREIGN KEY (contact) REFERENCES contact (id))",
                "INSERT INTO company VALUES ('0012', 'Zero \\ ''Twelve''', '2024-02-29', 1.50), ('12', NULL, NULL, NULL)",
                "INSERT INTO contact VALUES (1, '12', 'Boss', 0.1, '2024-03-31 02:30:00'), (2, '0012', 'Lost é', NULL, NULL),"
                        + " (3, '0012', 'Third', -0.25, '2024-10-27 02:30:00')",
                "INSERT INTO note VALUES (1, 1, 'a'), (2, 1, 'b'), (2, 2, '')");
        BackupPlan plan =
                BackupPlan.named("crm").source("db", JdbcSource.of(database)).build();
        try (BackupRepository repository = Crm.on(sink, work).create()) {
            repository.backup(plan);
            List<PortableDigest> before = repository.portableDigests("db", JdbcSource.of(database));

            database.execute(
                    "DELETE FROM note WHERE contact = 2",
                    "DELETE FROM contact WHERE id = 2",
                    "UPDATE contact SET name = 'Changed' WHERE id = 3");
            repository.restore(RestorePlan.latest("crm")
                    .only(
                            "db",
                            Tables.table("contact").where("id", 2).withParents().withChildren())
                    .into("db", JdbcTarget.merge(database, OnConflict.SKIP))
                    .build());
            assertThat(database.number("SELECT count(*) FROM note WHERE contact = 2"))
                    .isEqualTo(2);
            assertThat(database.number("SELECT count(*) FROM contact WHERE name = 'Changed'"))
                    .as("rows that are there are skipped")
                    .isEqualTo(1);

            repository.restore(RestorePlan.latest("crm")
                    .only("db", Tables.table("contact"))
                    .into("db", JdbcTarget.merge(database, OnConflict.REPLACE))
                    .build());
            assertThat(repository.portableDigests("db", JdbcSource.of(database)))
                    .isEqualTo(before);
        }
    }
}
