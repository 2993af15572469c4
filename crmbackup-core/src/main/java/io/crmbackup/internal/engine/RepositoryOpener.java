package io.crmbackup.internal.engine;

import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.report.BackupListener;
import io.crmbackup.spi.Sink;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Creates and opens repositories. */
public final class RepositoryOpener {
    /** Keeps what the builder collected. */
    public RepositoryOpener(
            Sink sink,
            Encryption encryption,
            @Nullable Path workDirectory,
            @Nullable String expectedId,
            BackupListener listener,
            InstantSource clock) {}

    /** Creates a new repository and opens it. */
    public BackupRepository create() {
        throw new IllegalStateException("under construction");
    }

    /** Opens an existing repository. */
    public BackupRepository open() {
        throw new IllegalStateException("under construction");
    }

    /** Opens the repository, or creates it if the sink is empty. */
    public BackupRepository openOrCreate() {
        throw new IllegalStateException("under construction");
    }
}
