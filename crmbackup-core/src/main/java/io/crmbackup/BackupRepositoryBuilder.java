package io.crmbackup;

import io.crmbackup.internal.repository.ExpectedRepository;
import io.crmbackup.internal.repository.RepositoryOpener;
import io.crmbackup.report.BackupListener;
import io.crmbackup.spi.Sink;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Creates or opens a repository. Not thread-safe. */
public final class BackupRepositoryBuilder {
    private final Sink sink;
    private @Nullable Encryption encryption;
    private @Nullable Path workDirectory;
    private @Nullable ExpectedRepository expected;
    private BackupListener listener = BackupListener.NONE;
    private InstantSource clock = InstantSource.system();

    BackupRepositoryBuilder(Sink sink) {
        this.sink = Objects.requireNonNull(sink, "sink");
    }

    /** Says what opens the repository. Required: going without has to be written out as {@link Encryption#none()}. */
    public BackupRepositoryBuilder encryption(Encryption how) {
        encryption = Objects.requireNonNull(how, "how");
        return this;
    }

    /**
     * Names a directory for temporary files: index segments, sort runs, spooled packs. It must be private to the user; nothing in it is
     * needed later, and what is put there is removed on close. Without it a fresh directory below the system's temporary one is used.
     */
    public BackupRepositoryBuilder workDirectory(Path directory) {
        workDirectory = Objects.requireNonNull(directory, "directory");
        return this;
    }

    /**
     * Opens only the repository that is meant, so that nobody can put another one in its place. None is created then.
     *
     * @param idOrCheckpoint the repository's {@link BackupRepository#id() id}, or a {@link BackupRepository#checkpoint() checkpoint} that was
     *     taken of it: then its history must also go on from there
     * @throws IllegalArgumentException if it is neither
     */
    public BackupRepositoryBuilder expect(String idOrCheckpoint) {
        expected = ExpectedRepository.parse(Objects.requireNonNull(idOrCheckpoint, "idOrCheckpoint"));
        return this;
    }

    /** Names who is told how operations go on. */
    public BackupRepositoryBuilder listener(BackupListener who) {
        listener = Objects.requireNonNull(who, "who");
        return this;
    }

    /** Sets where the time comes from; the system's clock if this is not called. No time decides about safety. */
    public BackupRepositoryBuilder clock(InstantSource source) {
        clock = Objects.requireNonNull(source, "source");
        return this;
    }

    /**
     * Creates a new repository and opens it.
     *
     * @throws io.crmbackup.error.RepositoryExistsException if there is one already
     * @throws io.crmbackup.error.NotARepositoryException if the sink holds something else
     */
    public BackupRepository create() {
        return opener().create();
    }

    /**
     * Opens an existing repository.
     *
     * @throws io.crmbackup.error.NotARepositoryException if there is none, or another one than expected
     * @throws io.crmbackup.error.WrongKeyException if the passphrase or key file doesn't fit
     * @throws io.crmbackup.error.UnsupportedFormatException if it was written by a newer version
     * @throws io.crmbackup.error.DamagedObjectException if it can't be opened because something is damaged, or its history is not the one expected
     */
    public BackupRepository open() {
        return opener().open();
    }

    /** Opens the repository, or creates it if the sink is empty: for demonstrations. In service a vanished repository should be an error. */
    public BackupRepository openOrCreate() {
        return opener().openOrCreate();
    }

    private RepositoryOpener opener() {
        if (encryption == null) {
            throw new IllegalStateException(
                    "say what opens the repository: .encryption(Encryption.passphrase(...)), .keyFile(...), or"
                            + " .none() for no secrecy");
        }
        return new RepositoryOpener(sink, encryption, workDirectory, expected, listener, clock);
    }
}
