package io.crmbackup.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.crmbackup.RestorePlan;
import io.crmbackup.export.ExportTarget;
import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.Tables;
import io.crmbackup.report.PortableDigest;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports as SQL, played into empty databases. */
class SqlExportTest {
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

    private DataSource empty(String product, String name) {
        return switch (product) {
            case "PostgreSQL" -> PostgresServer.shared().newDatabase();
            case "MariaDB" -> MariaDbServer.shared().newDatabase();
            case "H2" -> Databases.h2(work, name);
            case "SQLite" -> Databases.sqlite(work, name);
            case "HSQLDB" -> Databases.hsqldb(work, name);
            case "Derby" -> Databases.derby(work, name);
            default -> throw new IllegalArgumentException(product);
        };
    }

    private String script(DataSource database) {
        return script(database, ExportTarget::sql);
    }

    private String rowsAlone(DataSource database) {
        return script(database, sql -> ExportTarget.sql(sql).withoutDefinitions());
    }

    private String script(DataSource database, Function<OutputStream, ExportTarget> target) {
        lab.backup("db", JdbcSource.of(database));
        ByteArrayOutputStream sql = new ByteArrayOutputStream();
        lab.repository.restore(
                RestorePlan.latest("crm").into("db", target.apply(sql)).build());
        return sql.toString(StandardCharsets.UTF_8);
    }

    /** What of a script is executed. */
    private static String executed(String script) {
        return script.lines()
                .filter(line -> !line.startsWith("-- "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static void play(String script, DataSource database) throws Exception {
        Databases.execute(database, executed(script).split(";\n"));
    }

    /** Runs a product's own program on a script, if it is installed. */
    private static void run(String script, String... command) throws Exception {
        assumeTrue(
                Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, command[0]))),
                command[0] + " is not installed");
        Path file = Files.createTempFile("script", ".sql");
        Path said = Files.createTempFile("said", ".txt");
        try {
            Files.writeString(file, script);
            int code = new ProcessBuilder(command)
                    .redirectInput(file.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            assertThat(code).as(Files.readString(said)).isZero();
        } finally {
            Files.delete(file);
            Files.delete(said);
        }
    }

    private static void runPsql(String script, TestDatabase database) throws Exception {
        runPsql(script, database, database.user());
    }

    private static void runPsql(String script, TestDatabase database, String user) throws Exception {
        run(
                script,
                "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                "127.0.0.1",
                "-p",
                "" + database.port(),
                "-U",
                user,
                database.name());
    }

    private static void runMariaDb(String script, TestDatabase database, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "mariadb",
                "--no-defaults",
                "--protocol=tcp",
                "--host=127.0.0.1",
                "--port=" + database.port(),
                "--user=" + database.user()));
        command.addAll(List.of(options));
        command.add(database.name());
        run(script, command.toArray(String[]::new));
    }

    private void expectSame(DataSource copy, DataSource original, String script) {
        assertThat(lab.repository.portableDigests("db", JdbcSource.of(copy)))
                .isEqualTo(lab.repository.portableDigests("db", JdbcSource.of(original)));
        assertThat(executed(script(copy))).isEqualTo(executed(script));
    }

    private static void fill(DataSource database) throws Exception {
        if (database instanceof TestDatabase server
                && server.port() == MariaDbServer.shared().port()) {
            Databases.execute(database, "alter database character set utf8mb4");
        }
        Databases.fill(database);
        Databases.execute(
                database,
                "alter table account add column code varchar(20) default 'it''s'",
                "create unique index account_name on account (name)",
                "create view v as select id from account");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PostgreSQL", "MariaDB", "H2", "SQLite", "HSQLDB", "Derby"})
    void aScriptMakesTablesRowsKeysAndIndexesAnew(String product) throws Exception {
        DataSource original = empty(product, "original");
        fill(original);
        String script = script(original);
        assertThat(executed(script)).doesNotContainIgnoringCase("create view");
        if (!product.equals("Derby")) { // whose views are not captured
            assertThat(script).containsPattern("(?mi)^-- create .*view");
        }

        DataSource copy = empty(product, "copy");
        play(script, copy);

        assertThat(Databases.state(copy)).isEqualTo(Databases.state(original)).hasSizeGreaterThan(120);
        expectSame(copy, original, script);
    }

    @Test
    void psqlPlaysTheWholeOfAnAwkwardSchema() throws Exception {
        TestDatabase original = Samples.smallCrm(PostgresServer.shared());
        String script = script(original);
        TestDatabase copy = PostgresServer.shared().newDatabase();
        runPsql(script, copy);
        expectSame(copy, original, script);
    }

    @Test
    void mariadbPlaysTheWholeOfAnAwkwardSchema() throws Exception {
        TestDatabase original = Samples.smallCrm(MariaDbServer.shared());
        String script = script(original);
        TestDatabase copy = MariaDbServer.shared().newDatabase();
        runMariaDb(script, copy);
        expectSame(copy, original, script);
    }

    @Test
    void psqlReadsValuesAsTheyWereWhateverItsRoleSets() throws Exception {
        TestDatabase original = PostgresServer.shared().newDatabase();
        String[] table = {
            "create table thing (id integer primary key, note text, seen timestamptz, born date, span interval, tags text[])",
        };
        original.execute(table);
        original.execute(
                "insert into thing values (1, E'back\\\\slash \\'; \\\\\\' \\\\n é😀', '2024-03-31 02:30:00+05:30', '2024-02-03',"
                        + " '-1 years -2 months +3 days -04:05:06', '{NULL,a}')",
                "insert into thing values (2, '\\', '0044-03-15 12:00:00+00 BC', '0044-03-15 BC', '1 day', '{}')");
        TestDatabase whole = PostgresServer.shared().newDatabase();
        TestDatabase rows = PostgresServer.shared().newDatabase();
        rows.execute(table);
        original.execute(
                "create role awkward superuser login",
                "alter role awkward set standard_conforming_strings = off",
                "alter role awkward set client_encoding = 'LATIN1'",
                "alter role awkward set array_nulls = off",
                "alter role awkward set datestyle = 'SQL, DMY'",
                "alter role awkward set intervalstyle = 'sql_standard'",
                "alter role awkward set timezone = 'Asia/Kolkata'");
        try {
            runPsql(script(original), whole, "awkward");
            runPsql(rowsAlone(original), rows, "awkward");
        } finally {
            whole.execute("reassign owned by awkward to current_user", "drop role awkward");
        }
        for (TestDatabase copy : List.of(whole, rows)) {
            assertThat(lab.repository.portableDigests("db", JdbcSource.of(copy)))
                    .isEqualTo(lab.repository.portableDigests("db", JdbcSource.of(original)));
        }
    }

    @Test
    void mariadbReadsRowsAloneAsTheyWereWhateverItsSessionSets() throws Exception {
        TestDatabase original = MariaDbServer.shared().newDatabase();
        String table = "create table thing (id integer primary key auto_increment, note text character set utf8mb4,"
                + " seen timestamp null)";
        original.execute(table);
        original.execute(
                "set sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00'",
                "insert into thing values (0, 'back\\\\slash ''; \\\\'' \\\\n é😀', '2024-03-31 02:30:00')");
        TestDatabase rows = MariaDbServer.shared().newDatabase();
        rows.execute(table);
        runMariaDb(
                rowsAlone(original),
                rows,
                "--default-character-set=latin1",
                "--init-command=SET sql_mode = 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES', time_zone = '+05:30'");
        assertThat(lab.repository.portableDigests("db", JdbcSource.of(rows)))
                .isEqualTo(lab.repository.portableDigests("db", JdbcSource.of(original)));
    }

    @Test
    void aTableThatIsACommentOnlyEndsAScriptBeforeRowsUnlessItIsMade() throws Exception {
        TestDatabase original = PostgresServer.shared().newDatabase();
        original.execute(
                "create table account (id serial primary key, name text)",
                "insert into account (name) values ('Ω')",
                "create function code(integer) returns text immutable language sql as 'select ''c'' || $1'",
                "create table ticket (id serial primary key, account integer references account, code text generated always as"
                        + " (code(account)) stored)",
                "create index on ticket (account)",
                "create table reply (ticket integer references ticket)",
                "insert into ticket (account) values (1), (1)",
                "insert into reply values (2)");
        String script = script(original);

        TestDatabase unread = PostgresServer.shared().newDatabase();
        assertThatThrownBy(() -> runPsql(script, unread))
                .hasMessageContaining("relation \"public.ticket\" does not exist");
        assertThat(unread.number("select count(*) from account")).isZero();

        TestDatabase copy = PostgresServer.shared().newDatabase();
        List<String> lines = new ArrayList<>(script.lines().toList());
        for (String begin : List.of("-- CREATE OR REPLACE FUNCTION public.code(", "-- CREATE TABLE public.ticket")) {
            int at = IntStream.range(0, lines.size())
                    .filter(i -> lines.get(i).startsWith(begin))
                    .findFirst()
                    .orElseThrow();
            String line = "";
            while (!line.endsWith(";")) {
                line = lines.get(at).substring("-- ".length());
                lines.set(at++, line);
            }
        }
        runPsql(String.join("\n", lines) + "\n", copy);
        expectSame(copy, original, script);
        assertThat(copy.number("insert into ticket (account) values (1) returning id"))
                .isEqualTo(3);
        assertThatThrownBy(() -> copy.execute("insert into reply values (9)")).hasMessageContaining("foreign key");
    }

    @Test
    void sampleDatabasesComeBackFromTheirScripts() throws Exception {
        for (TestDatabase original :
                List.of(Samples.chinook(PostgresServer.shared()), Samples.sakila(PostgresServer.shared()))) {
            String script = script(original);
            TestDatabase copy = PostgresServer.shared().newDatabase();
            runPsql(script, copy);
            expectSame(copy, original, script);
        }
        TestDatabase original = Samples.chinook(MariaDbServer.shared());
        String script = script(original);
        TestDatabase copy = MariaDbServer.shared().newDatabase();
        runMariaDb(script, copy);
        expectSame(copy, original, script);
    }

    @Test
    void sqlite3PlaysAScript() throws Exception {
        DataSource original = Databases.sqlite(work, "original");
        fill(original);
        String script = script(original);
        run(script, "sqlite3", "-bail", work.resolve("copy.sqlite").toString());
        expectSame(Databases.sqlite(work, "copy"), original, script);
    }

    @Test
    void h2RunsAScript() throws Exception {
        DataSource original = Databases.h2(work, "original");
        fill(original);
        String script = script(original);
        Path file = Files.writeString(work.resolve("script.sql"), script);
        DataSource copy = Databases.h2(work, "copy");
        Databases.execute(copy, "runscript from '" + file + "' charset 'UTF-8'");
        expectSame(copy, original, script);
    }

    @Test
    void filesOfADirectoryArePlayedBetweenTheFirstAndTheLast() throws Exception {
        for (String product : List.of("PostgreSQL", "MariaDB", "SQLite")) {
            DataSource original = empty(product, "original");
            fill(original);
            lab.backup("db", JdbcSource.of(original));
            Path out = Files.createDirectories(work.resolve(product));
            lab.repository.restore(
                    RestorePlan.latest("crm").into("db", ExportTarget.sql(out)).build());
            DataSource copy = empty(product, "copy");
            List<String> files = new ArrayList<>(List.of("happening.sql", "contact.sql", "account.sql"));
            files.add(0, "%first.sql");
            files.add("%last.sql");
            for (String file : files) {
                play(Files.readString(out.resolve(file)), copy);
            }
            assertThat(lab.repository.portableDigests("db", JdbcSource.of(copy)))
                    .isEqualTo(lab.repository.portableDigests("db", JdbcSource.of(original)));
            try (Stream<Path> all = Files.list(out)) {
                assertThat(all.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(files);
            }
        }
    }

    @Test
    void aSelectionBringsItsOwnTablesOnly() throws Exception {
        DataSource original = Databases.h2(work, "original");
        fill(original);
        lab.backup("db", JdbcSource.of(original));
        ByteArrayOutputStream sql = new ByteArrayOutputStream();
        lab.repository.restore(RestorePlan.latest("crm")
                .only("db", Tables.table("CONTACT").where("ID", 7))
                .into("db", ExportTarget.sql(sql))
                .build());
        DataSource copy = Databases.h2(work, "copy");
        play(sql.toString(StandardCharsets.UTF_8), copy);
        assertThat(lab.repository.portableDigests("db", JdbcSource.of(copy)))
                .extracting(PortableDigest::collection, PortableDigest::records)
                .containsExactly(tuple("ACCOUNT", 1L), tuple("CONTACT", 1L));
    }
}
