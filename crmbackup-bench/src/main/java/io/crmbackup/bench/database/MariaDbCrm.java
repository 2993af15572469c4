package io.crmbackup.bench.database;

import io.crmbackup.testservers.MariaDbBinaries;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@link PostgresCrm} in MariaDB, on a server of its own that keeps what it commits, with the types nearest to theirs. */
final class MariaDbCrm implements CrmDatabase {
    private final MariaDbServer server;
    private final TestDatabase database;
    private final Path dump;
    private final int scale;

    private MariaDbCrm(MariaDbServer server, TestDatabase database, Path dump, int scale) {
        this.server = server;
        this.database = database;
        this.dump = dump;
        this.scale = scale;
    }

    /** On a server that it starts, through a PostgreSQL that is gone afterwards. */
    static MariaDbCrm start(Path script, int scale) throws IOException, InterruptedException {
        MariaDbServer server = MariaDbServer.start(
                MariaDbBinaries.bundled(),
                List.of(
                        "--innodb-buffer-pool-size=1G",
                        "--innodb-log-file-size=1G",
                        "--innodb-flush-log-at-trx-commit=1",
                        "--sync-binlog=1",
                        "--character-set-server=utf8mb4"));
        Path dump = server.binaries().dump().orElseThrow(() -> new IOException("mariadb-dump is not there"));
        MariaDbCrm crm = new MariaDbCrm(server, server.newDatabase(), dump, scale);
        crm.execute(resource("mariadb-crm.sql"));
        try (PostgresCrm rows = PostgresCrm.start(script, scale)) {
            Path file = server.data().resolveSibling("rows.tsv");
            for (Map.Entry<String, String> table : queries().entrySet()) {
                rows.export(table.getValue(), file);
                crm.execute(
                        "SET foreign_key_checks = 0;\nLOAD DATA INFILE '" + file + "' INTO TABLE " + table.getKey());
            }
            Files.delete(file);
        }
        crm.execute("ANALYZE TABLE account, contact, opportunity, activity, note");
        return crm;
    }

    /** How each table is read from PostgreSQL: columns in MariaDB's order and form. */
    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("app_user", "SELECT id, login, manager_id, settings FROM crm.app_user ORDER BY id");
        queries.put(
                "account (id, name, industry, city, parent_id, primary_contact_id, owner_id, annual_revenue, tags,"
                        + " created_at, updated_at)",
                "SELECT id, name, industry, city, parent_id, primary_contact_id, owner_id, annual_revenue, tags, "
                        + moment("created_at") + ", " + moment("updated_at") + " FROM crm.account ORDER BY id");
        queries.put(
                "contact",
                "SELECT id, account_id, first_name, last_name, email, phone, birthday, opted_out::int, custom, "
                        + moment("created_at") + ", " + moment("updated_at") + " FROM crm.contact ORDER BY id");
        queries.put(
                "opportunity",
                "SELECT id, account_id, contact_id, title, stage, amount, probability, close_date, "
                        + moment("updated_at") + " FROM crm.opportunity ORDER BY id");
        queries.put(
                "activity",
                "SELECT id, contact_id, opportunity_id, kind, subject, body, done::int, minutes, "
                        + moment("happened_at") + " FROM crm.activity ORDER BY id");
        queries.put(
                "note (account_id, seq, author_id, body, @raw) SET raw = UNHEX(@raw)",
                "SELECT account_id, seq, author_id, body, encode(raw, 'hex') FROM crm.note ORDER BY account_id, seq");
        queries.put("attachment", "SELECT id, account_id, path, bytes FROM crm.attachment ORDER BY id");
        queries.put("audit_log", "SELECT " + moment("at") + ", actor, what FROM crm.audit_log");
        return queries;
    }

    private static String moment(String column) {
        return "to_char(" + column + " AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')";
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = MariaDbCrm.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("Not on the class path: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String options() {
        return "--no-defaults -h 127.0.0.1 -P " + server.port() + " -u root ";
    }

    private void execute(String statements) throws IOException, InterruptedException {
        Shell.run("mariadb " + options() + database.name() + " <<'END'\n" + statements + ";\nEND");
    }

    @Override
    public String url() {
        return database.url() + "?user=root";
    }

    @Override
    public String dump() {
        return dump + " " + options() + "--single-transaction --quick --hex-blob --routines --events "
                + database.name();
    }

    @Override
    public String dumpName() {
        return "mariadb-dump";
    }

    @Override
    public String archive(Path archive) {
        return dump() + " > '" + archive + "'";
    }

    @Override
    public String restore(Path archive) {
        return "mariadb " + options() + EMPTY + " < '" + archive + "'";
    }

    @Override
    public String restoreName() {
        return "mariadb of a dump";
    }

    @Override
    public void empty() throws IOException, InterruptedException {
        execute("DROP DATABASE IF EXISTS " + EMPTY + "; CREATE DATABASE " + EMPTY);
    }

    @Override
    public void play(int day) throws IOException, InterruptedException {
        execute("SET @day = " + day + ";\n" + resource("mariadb-crm-day.sql"));
    }

    @Override
    public ServerCpu cpu() {
        try {
            String pid = Files.readString(server.data().resolve("pid")).strip();
            return new ServerCpu(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public int contacts() {
        return 50_000 * scale;
    }

    @Override
    public void close() {
        server.close();
    }
}
