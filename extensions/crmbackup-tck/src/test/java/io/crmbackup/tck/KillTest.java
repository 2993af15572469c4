package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.BackupRepository;
import io.crmbackup.fs.DirectorySink;
import io.crmbackup.report.SnapshotId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of backups to a directory, again and again. */
class KillTest {
    private static final Pattern KEPT = Pattern.compile("kept ([0-9a-f]+) (\\d+) \\.");

    @TempDir
    private Path directory;

    @Test
    void whatAKilledProcessHasPromisedIsThere() throws Exception {
        int kills = Integer.getInteger("crmbackup.kills", 4);
        Random random = new Random(1);
        SmallCrm crm = new SmallCrm(directory);
        List<SmallCrm.Kept> kept = new ArrayList<>();
        try (BackupRepository repository = crm.on(sink().createDirectory()).create()) {
            kept.add(crm.backup(repository, 1));
        }
        for (int kill = 0; kill < kills; kill++) {
            int atLeast = random.nextInt(3);
            long more = random.nextInt(20_000);
            List<SmallCrm.Kept> promised = runAndKill(1000L * kill, atLeast, more, crm);
            kept.addAll(promised);
            String when = "kill " + kill + " of seed 1, after " + promised.size() + " snapshots and " + more + " µs";
            try (BackupRepository repository = crm.on(sink()).open()) {
                assertThat(repository.snapshots(SmallCrm.PLAN).stream().map(s -> s.id()))
                        .as(when)
                        .containsAll(kept.stream().map(SmallCrm.Kept::id).toList());
                crm.expectRestored(repository, kept.get(kept.size() - 1));
            }
        }
        crm.check(sink(), kept);
    }

    private DirectorySink sink() {
        return DirectorySink.at(directory.resolve("repository"));
    }

    private List<SmallCrm.Kept> runAndKill(long state, int atLeast, long more, SmallCrm crm)
            throws IOException, InterruptedException {
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledBackup.class.getName(),
                        directory.toString(),
                        Long.toString(state))
                .redirectError(errors.toFile())
                .start();
        List<SmallCrm.Kept> promised = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            assertThat(line).as("%s", Files.readString(errors)).isEqualTo("ready");
            while (promised.size() < atLeast) {
                collect(out.readLine(), promised, crm);
            }
            process.waitFor(more, TimeUnit.MICROSECONDS);
            assertThat(process.isAlive()).as("%s", Files.readString(errors)).isTrue();
            // The handle leaves the pipe open: what was promised before the end is still read.
            process.toHandle().destroyForcibly();
            while ((line = out.readLine()) != null) {
                collect(line, promised, crm);
            }
        } finally {
            process.destroyForcibly();
        }
        return promised;
    }

    /** Takes a line that is whole: the last one can be cut off. */
    private static void collect(String line, List<SmallCrm.Kept> promised, SmallCrm crm) throws IOException {
        Matcher matcher = KEPT.matcher(line);
        if (matcher.matches()) {
            long state = Long.parseLong(matcher.group(2));
            promised.add(new SmallCrm.Kept(SnapshotId.of(matcher.group(1)), crm.content(SmallCrm.system(state))));
        }
    }
}
