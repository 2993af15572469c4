package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.PreparedRestore;
import io.crmbackup.RestorePlan;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole CRM systems, from one product into another. */
class OtherProductSamplesTest {
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

    /** Restores, compares, and gives what the preview said. */
    private List<String> moved(TestDatabase from, JdbcTarget target) {
        SnapshotId snapshot = lab.backup("db", JdbcSource.of(from));
        try (PreparedRestore restore = lab.repository.prepare(
                RestorePlan.snapshot(snapshot).into("db", target).verify().build())) {
            assertThat(restore.preview().blockers()).isEmpty();
            assertThat(restore.execute().verified()).isTrue();
            return restore.preview().notes();
        }
    }

    @Test
    void aCrmMovesFromPostgresToMariaDb() throws Exception {
        TestDatabase postgres = Samples.generatedCrm(PostgresServer.shared());
        TestDatabase mariaDb = MariaDbServer.shared().newDatabase();
        List<String> notes = moved(postgres, JdbcTarget.empty(mariaDb));
        assertThat(notes)
                .contains("db: crm.account.tags (text[]) has no equal, and becomes text (longtext)")
                .anySatisfy(note -> assertThat(note).contains("CREATE TRIGGER contact_touch"))
                .anySatisfy(note -> assertThat(note).contains("GENERATED ALWAYS AS (lower(name)) STORED"))
                .anySatisfy(note -> assertThat(note).contains("CREATE UNIQUE INDEX account_name_idx"));
        assertThat(mariaDb.number("SELECT count(*) FROM crm_activity"))
                .isEqualTo(postgres.number("SELECT count(*) FROM crm.activity"))
                .isEqualTo(5000);
    }

    @Test
    void aCrmMovesFromMariaDbToPostgres() throws Exception {
        TestDatabase mariaDb = Samples.dolibarr(MariaDbServer.shared());
        TestDatabase postgres = PostgresServer.shared().newDatabase();
        List<String> notes = moved(mariaDb, JdbcTarget.empty(postgres).nullWithoutEqual());
        assertThat(notes).noneSatisfy(note -> assertThat(note).contains("has no equal, and becomes text"));
        assertThat(notes.stream().filter(note -> note.contains("default")))
                .containsExactly("db: not carried over from table llx_opensurvey_sondage: the default of column tms");
        String defaults =
                "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = %s AND data_type LIKE 'double%%'"
                        + " AND column_default LIKE '0%%'";
        assertThat(postgres.number(String.format(defaults, "current_schema()")))
                .isEqualTo(mariaDb.number(String.format(defaults, "DATABASE()")))
                .isPositive();
        assertThat(postgres.number("SELECT count(*) FROM pg_constraint WHERE contype = 'f'"))
                .isEqualTo(mariaDb.number("SELECT count(*) FROM information_schema.REFERENTIAL_CONSTRAINTS"
                        + " WHERE CONSTRAINT_SCHEMA = DATABASE()"))
                .isPositive();
    }
}
