package io.crmbackup.bench;

import io.crmbackup.BackupPlan;
import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.PreparedRestore;
import io.crmbackup.RecordReferences;
import io.crmbackup.RestorePlan;
import io.crmbackup.Selection;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.report.RestorePreview;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * What it takes to bring one contact back out of a large snapshot: alone, by the begin of a key, and with all that belongs to it.
 *
 * <pre>
 * java -Xmx256m -cp ... io.crmbackup.bench.FamilyRun DIRECTORY ROWS RUNS
 * </pre>
 *
 * If DIRECTORY does not exist the snapshot is made in it, encrypted. Each restore is by a repository that was just opened, so that it has nothing cached; opening is not counted. Nodes
 * are those that were not in memory, reads those from the sink.
 */
public final class FamilyRun {
    private FamilyRun() {}

    /** Runs all. */
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            throw new IllegalArgumentException("use: DIRECTORY ROWS RUNS");
        }
        Path directory = Path.of(args[0]);
        long rows = Long.parseLong(args[1]);
        Path key = directory.resolve("key");
        Path store = directory.resolve("store");
        if (!Files.exists(directory)) {
            make(directory, rows, key, store);
        }
        Selection contact = Selection.of("contact").key(rows / 50);
        for (int run = 1; run <= Integer.parseInt(args[2]); run++) {
            restore(store, key, directory, "alone, with its account", contact);
            restore(store, key, directory, "with what its key begins", contact.withChildren("list_member"));
            restore(
                    store,
                    key,
                    directory,
                    "with all that belongs to it",
                    contact.withChildren().withParents());
            restore(
                    store,
                    key,
                    directory,
                    "an account with all below it",
                    Selection.of("account").key(7).withChildren());
        }
    }

    private static void make(Path directory, long rows, Path key, Path store) throws IOException {
        Files.createDirectory(directory);
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Files.write(key, secret);
        Files.createDirectory(store);
        long begin = System.nanoTime();
        try (BackupRepository repository = open(DirectorySink.at(store), key, directory)) {
            repository.backup(BackupPlan.named("crm")
                    .source("db", new FamilyTables(rows))
                    .references(RecordReferences.from("db", "note")
                            .fields("entity_id")
                            .when("entity_type", "Contact")
                            .to("contact", "id"))
                    .references(RecordReferences.from("db", "note")
                            .fields("entity_id")
                            .when("entity_type", "Account")
                            .to("account", "id"))
                    .build());
        }
        RowsRun.say("backup of %d rows: %.1f s", rows, (System.nanoTime() - begin) / 1e9);
    }

    private static BackupRepository open(Sink sink, Path key, Path directory) throws IOException {
        return BackupRepository.on(sink)
                .encryption(Encryption.keyFile(key))
                .workDirectory(Files.createTempDirectory(directory, "work"))
                .openOrCreate();
    }

    private static void restore(Path store, Path key, Path directory, String what, Selection selection)
            throws IOException {
        MeteredSink sink = new MeteredSink(DirectorySink.at(store));
        try (NodesRead nodes = new NodesRead();
                BackupRepository repository = open(sink, key, directory)) {
            repository.snapshots("crm");
            long reads = sink.reads();
            long bytes = sink.bytes();
            long cpu = cpu();
            long begin = System.nanoTime();
            try (PreparedRestore restore = repository.prepare(RestorePlan.latest("crm")
                    .only("db", selection)
                    .into("db", new Discard())
                    .build())) {
                restore.execute();
                long records = restore.preview().collections().stream()
                        .mapToLong(RestorePreview.Part::records)
                        .sum();
                double wall = (System.nanoTime() - begin) / 1e9;
                double used = (cpu() - cpu) / 1e9;
                RowsRun.say(
                        "%s: %.3f s, CPU %.3f s, %d records, %d nodes, %d reads of %.1f MB",
                        what, wall, used, records, nodes.count(), sink.reads() - reads, (sink.bytes() - bytes) / 1e6);
            }
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
