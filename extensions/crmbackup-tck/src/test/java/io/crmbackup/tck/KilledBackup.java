package io.crmbackup.tck;

import io.crmbackup.BackupRepository;
import io.crmbackup.fs.DirectorySink;
import java.io.IOException;
import java.nio.file.Path;

/** Backs up state after state, telling each snapshot that it has been promised, until it is killed. */
final class KilledBackup {
    private KilledBackup() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        SmallCrm crm = new SmallCrm(directory);
        try (BackupRepository repository =
                crm.on(DirectorySink.at(directory.resolve("repository"))).open()) {
            System.out.println("ready");
            for (long state = Long.parseLong(arguments[1]); ; state++) {
                System.out.println("kept " + crm.backup(repository, state).id() + " " + state + " .");
            }
        }
    }
}
