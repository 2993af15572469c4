package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.RestorePlan;
import io.crmbackup.error.RestoreRefusedException;
import io.crmbackup.export.ExportTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.Tables;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.spi.Target;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as CSV, JSON lines and SQL. */
class ExportTest {
    @TempDir
    private Path work;

    @TempDir
    private Path out;

    private Lab lab;

    @BeforeEach
    void create() {
        lab = new Lab(work);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void export(DataSource database, Target target) {
        lab.backup("db", JdbcSource.of(database));
        lab.repository.restore(RestorePlan.latest("crm").into("db", target).build());
    }

    private DataSource awkward() throws Exception {
        DataSource database = Databases.h2(work, "awkward");
        Databases.execute(
                database,
                "create table \"../a.b\" (id integer primary key, \"na,me\" varchar(100), worth numeric(30,2), ratio double precision, is_on boolean,"
                        + " picture varbinary(10), facts json, note clob)",
                "insert into \"../a.b\" values (1, 'say \"hi\"' || chr(13) || chr(10) || 'é😀', 12345678901234567890123456.70, 0.1, true, x'00ff', json"
                        + " '{\"a\":[1,null]}', repeat('long € ', 20000))",
                "insert into \"../a.b\" (id, \"na,me\", note) values (2, '', '=1+1')",
                "insert into \"../a.b\" (id) values (3)");
        return database;
    }

    @Test
    void csvTellsNothingFromEmptyTextAndEscapesNoPath() throws Exception {
        export(awkward(), ExportTarget.csv(out));
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactly("%5c.%5c.%2fa%5c.b.csv");
        }
        String text = Files.readString(out.resolve("%5c.%5c.%2fa%5c.b.csv"));
        assertThat(text)
                .startsWith("\"ID\",\"na,me\",\"WORTH\",\"RATIO\",\"IS_ON\",\"PICTURE\",\"FACTS\",\"NOTE\"\r\n"
                        + "1,\"say \"\"hi\"\"\r\né😀\",12345678901234567890123456.70,0.1,true,\"00ff\",\"{\"\"a\"\":[1,null]}\",\""
                        + "long € ".repeat(20000) + "\"\r\n")
                .endsWith("\r\n2,\"\",,,,,,\"=1+1\"\r\n3,,,,,,,\r\n");
        assertThatThrownBy(() -> lab.repository.restore(RestorePlan.latest("crm")
                        .into("db", ExportTarget.csv(out))
                        .build()))
                .isInstanceOf(RestoreRefusedException.class)
                .hasMessageContaining("there is a file");
    }

    @Test
    void spreadsheetsRunNoFormula() throws Exception {
        export(awkward(), ExportTarget.csvForSpreadsheets(out));
        assertThat(Files.readString(out.resolve("%5c.%5c.%2fa%5c.b.csv"))).contains("\"'=1+1\"");
    }

    @Test
    void aSelectionGoesIntoAStreamOfJsonLines() throws Exception {
        lab.backup("db", JdbcSource.of(awkward()));
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        lab.repository.restore(RestorePlan.latest("crm")
                .only("db", Tables.table("\\.\\./a\\.b").where("ID", 1))
                .into("db", ExportTarget.jsonLines(stream))
                .build());
        assertThat(stream.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"ID\":1,\"na,me\":\"say \\\"hi\\\"\\r\\né😀\",\"WORTH\":12345678901234567890123456.70,\"RATIO\":0.1,\"IS_ON\":true,"
                                + "\"PICTURE\":\"AP8=\",\"FACTS\":\"{\\\"a\\\":[1,null]}\",\"NOTE\":\""
                                + "long € ".repeat(20000)
                                + "\"}\n");
    }

    @Test
    void sqlOfEachProductGivesTheSameRows() throws Exception {
        String table =
                "(id integer primary key, name varchar(200), worth decimal(30,2), ratio double precision, is_on boolean,"
                        + " born date, seen timestamp, note varchar(9000))";
        String rows =
                " (1, 'O''Neil says \"é\"', -12345678901234567890123456.70, 0.1, true, '2024-02-29', '2024-03-31 02:30:00',"
                        + " 'line' )";
        for (DataSource database : List.of(
                PostgresServer.shared().newDatabase(),
                MariaDbServer.shared().newDatabase(),
                Databases.h2(work, "one"),
                Databases.sqlite(work, "one"))) {
            Databases.execute(
                    database,
                    "create table contact " + table,
                    "insert into contact values" + rows,
                    "insert into contact (id, name) values (2, '')");
            try (Connection connection = database.getConnection();
                    PreparedStatement update =
                            connection.prepareStatement("update contact set note = ? where id = 1")) {
                update.setString(1, "back\\slash ' \\' '' \\n \n; \t?");
                assertThat(update.executeUpdate()).isEqualTo(1);
            }
            List<PortableDigest> before = lab.repository.portableDigests("db", JdbcSource.of(database));
            ByteArrayOutputStream sql = new ByteArrayOutputStream();
            export(database, ExportTarget.sql(sql).withoutDefinitions());
            Databases.execute(database, "delete from contact");
            for (String statement : sql.toString(StandardCharsets.UTF_8).split(";\n")) {
                Databases.execute(database, statement);
            }
            assertThat(lab.repository.portableDigests("db", JdbcSource.of(database)))
                    .isEqualTo(before);
            assertThat(before.get(0).records()).isEqualTo(2);
        }
    }
}
