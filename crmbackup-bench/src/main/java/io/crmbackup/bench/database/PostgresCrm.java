package io.crmbackup.bench.database;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The generated CRM in PostgreSQL, on a server of its own that keeps what it commits. The scripts need psql. */
final class PostgresCrm implements CrmDatabase {
    private final String url;
    private final Path script;
    private final int scale;
    private final ServerCpu cpu;
    private final Runnable stop;

    private PostgresCrm(String url, Path script, int scale, ServerCpu cpu, Runnable stop) {
        this.url = url;
        this.script = script;
        this.scale = scale;
        this.cpu = cpu;
        this.stop = stop;
    }

    /** On a server that it starts. */
    static PostgresCrm start(Path script, int scale) throws IOException, InterruptedException {
        Map<String, String> settings = new HashMap<>(PostgresServer.DURABLE);
        settings.put("shared_buffers", "1GB");
        settings.put("max_wal_size", "4GB");
        PostgresServer server = PostgresServer.start(settings);
        TestDatabase database = server.newDatabase();
        long pid = Long.parseLong(Files.readAllLines(server.data().resolve("postmaster.pid"))
                .get(0)
                .strip());
        return fill(database.url() + "?user=" + database.user(), script, scale, process(pid), server::close);
    }

    /** In a database that is there already and empty, on a server of this machine. */
    static PostgresCrm at(String url, long pid, Path script, int scale) throws IOException, InterruptedException {
        return fill(url, script, scale, process(pid), () -> {});
    }

    private static ServerCpu process(long pid) {
        return new ServerCpu(ProcessHandle.of(pid).orElseThrow());
    }

    private static PostgresCrm fill(String url, Path script, int scale, ServerCpu cpu, Runnable stop)
            throws IOException, InterruptedException {
        PostgresCrm crm = new PostgresCrm(url, script, scale, cpu, stop);
        Shell.run(crm.psql() + " -v scale=" + scale + " -f '" + script + "'; " + crm.psql() + " -c CHECKPOINT");
        return crm;
    }

    private String psql() {
        return "psql -q -X -o /dev/null '" + address() + "'";
    }

    /** As libpq takes it. */
    private String address() {
        return url.substring("jdbc:".length());
    }

    /** Writes what a query gives into a file, in the form of COPY. */
    void export(String query, Path file) throws IOException, InterruptedException {
        Shell.run("psql -q -X '" + address() + "' > '" + file + "' <<'END'\nCOPY (" + query + ") TO STDOUT;\nEND");
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String applicationUrl() {
        return url + "&currentSchema=crm";
    }

    @Override
    public String dump() {
        return "pg_dump '" + address() + "'";
    }

    @Override
    public String dumpName() {
        return "pg_dump";
    }

    @Override
    public String archive(Path archive) {
        return "pg_dump -Fd -j2 -f '" + archive + "' '" + address() + "'";
    }

    @Override
    public String restore(Path archive) {
        return "pg_restore -j2 -d '" + emptyUrl().substring("jdbc:".length()) + "' '" + archive + "'";
    }

    @Override
    public String restoreName() {
        return "pg_restore -j2 of a directory";
    }

    @Override
    public void empty() throws IOException, InterruptedException {
        Shell.run(psql() + " -c 'DROP DATABASE IF EXISTS " + EMPTY + "' -c 'CREATE DATABASE " + EMPTY
                + "' -c CHECKPOINT");
    }

    @Override
    public void play(int day) throws IOException, InterruptedException {
        Path dayScript = script.resolveSibling(script.getFileName().toString().replace(".sql", "-day.sql"));
        Shell.run(psql() + " -v day=" + day + " -f '" + dayScript + "'");
    }

    @Override
    public ServerCpu cpu() {
        return cpu;
    }

    @Override
    public int contacts() {
        return 50_000 * scale;
    }

    @Override
    public void close() {
        stop.run();
    }
}
