package io.crmbackup.internal.repository;

import io.crmbackup.BackupRepository;
import io.crmbackup.Encryption;
import io.crmbackup.error.BackupException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.NotARepositoryException;
import io.crmbackup.error.RepositoryExistsException;
import io.crmbackup.error.UnsupportedFormatException;
import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.crypto.MasterKey;
import io.crmbackup.internal.crypto.RepositoryId;
import io.crmbackup.internal.crypto.SlotSecret;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.log.Log;
import io.crmbackup.internal.object.KeySlots;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.object.ObjectRole;
import io.crmbackup.internal.object.ObjectSealer;
import io.crmbackup.internal.object.ObjectStore;
import io.crmbackup.internal.object.RepositoryHeader;
import io.crmbackup.internal.object.Retries;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.snapshot.Storage;
import io.crmbackup.internal.store.ChunkStore;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.report.BackupListener;
import io.crmbackup.spi.Sink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates and opens repositories. A repository is created in three steps, each of which can be the last before a crash: a key slot, the
 * header, the first log entry. Until the header is there nothing is; without a log entry but with a header, opening writes the entry.
 */
public final class RepositoryOpener {
    private static final String CHUNK_RADIUS = "chunk.radius";
    private static final String CHUNK_MAX = "chunk.max";
    private static final String LEAF_RADIUS = "tree.leaf-radius";
    private static final String INNER_RADIUS = "tree.inner-radius";
    private static final String LARGEST_KEY = "tree.largest-key";

    private final Sink sink;
    private final Encryption encryption;
    private final @Nullable Path workDirectory;
    private final @Nullable ExpectedRepository expected;
    private final BackupListener listener;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Retries retries = Retries.standard();
    private final ObjectStore objects;

    /** Keeps what the builder collected. */
    public RepositoryOpener(
            Sink sink,
            Encryption encryption,
            @Nullable Path workDirectory,
            @Nullable ExpectedRepository expected,
            BackupListener listener,
            InstantSource clock) {
        this.sink = sink;
        this.encryption = encryption;
        this.workDirectory = workDirectory;
        this.expected = expected;
        this.listener = listener;
        this.clock = clock;
        this.objects = new ObjectStore(sink, retries);
    }

    /** Creates a new repository and opens it. */
    public BackupRepository create() {
        if (expected != null) {
            throw new NotARepositoryException("there is no repository at " + sink + ", but " + expected.id()
                    + " is expected; a new one would have an id of its own");
        }
        requireEmpty();
        RepositoryId id = RepositoryId.of(randomBytes(RepositoryId.LENGTH));
        try (MasterKey master = MasterKey.random(id, random)) {
            try (SlotSecret secret = secret()) {
                new KeySlots(objects).add(master, secret, random);
            }
            RepositoryHeader header = new RepositoryHeader(id, clock.instant(), new TreeMap<>(defaults()));
            if (objects.put(RepositoryHeader.NAME, header.seal(master)) == ObjectStore.Outcome.TAKEN) {
                throw new RepositoryExistsException("another repository was created here at the same moment");
            }
            return open(master, header);
        }
    }

    /** Opens an existing repository. */
    public BackupRepository open() {
        byte[] stored = header().orElseThrow(() -> new NotARepositoryException("there is no repository at " + sink
                + ": the object \"" + RepositoryHeader.NAME + "\" is not there. To make one, call create()"));
        return open(stored);
    }

    /** Opens the repository, or creates it if the sink is empty. */
    public BackupRepository openOrCreate() {
        Optional<byte[]> stored = header();
        return stored.isPresent() ? open(stored.get()) : create();
    }

    private Optional<byte[]> header() {
        return objects.find(ObjectRole.REPOSITORY, RepositoryHeader.NAME);
    }

    private BackupRepository open(byte[] stored) {
        RepositoryId id = RepositoryHeader.peekId(stored);
        if (expected != null && !expected.id().equals(id.toString())) {
            throw new NotARepositoryException(
                    "the repository at " + sink + " is " + id + ", not " + expected.id() + " as expected");
        }
        try (SlotSecret secret = secret();
                MasterKey master = new KeySlots(objects).unlock(id, secret)) {
            return open(master, RepositoryHeader.open(stored, master));
        }
    }

    private BackupRepository open(MasterKey master, RepositoryHeader header) {
        TreeParameters trees;
        ChunkerParameters chunker;
        try {
            trees = trees(master, header);
            chunker = ChunkerParameters.of(
                    master.derive("chunker"), number(header, CHUNK_RADIUS), number(header, CHUNK_MAX));
        } catch (IllegalArgumentException e) {
            throw unknownParameter(String.valueOf(e.getMessage()), e);
        }
        ObjectSealer sealer = new ObjectSealer(master, random);
        Log log = log(new Log.Context(objects, sealer, random, clock, retries));
        WorkDirectory work = WorkDirectory.below(workDirectory);
        ChunkStore chunks = null;
        Progress progress = new Progress(listener);
        try {
            chunks = new ChunkStore(
                    objects,
                    master,
                    new ChunkHasher(master.derive("chunk-id")),
                    random,
                    work.path(),
                    pack -> log.state().condemned().contains(pack),
                    (pack, what, instead) ->
                            progress.damaged(ObjectRole.PACK.name(pack), what, ObjectRole.PACK.name(instead)));
            Storage storage = new Storage(
                    objects,
                    sealer,
                    random,
                    clock,
                    work.path(),
                    listener,
                    trees,
                    chunker,
                    master.derive("row"),
                    chunks,
                    log);
            return new OpenRepository(header.id().toString(), sink, storage, work);
        } catch (RuntimeException e) {
            if (chunks != null) {
                chunks.close();
            }
            work.close();
            throw e;
        }
    }

    private static TreeParameters trees(MasterKey master, RepositoryHeader header) {
        ByteBuffer secret = ByteBuffer.wrap(master.derive("tree")).order(ByteOrder.LITTLE_ENDIAN);
        return new TreeParameters(
                number(header, LEAF_RADIUS),
                number(header, INNER_RADIUS),
                number(header, LARGEST_KEY),
                secret.getLong(),
                secret.getLong());
    }

    private Log log(Log.Context context) {
        try {
            return Log.open(context, expected == null ? null : expected.position());
        } catch (DamagedObjectException e) {
            if (hasHistory() || (expected != null && expected.position() != null)) {
                throw e;
            }
            return Log.begin(context, ObjectId.random(random));
        }
    }

    /** Whether anything is there that only comes to be after the log has begun. */
    private boolean hasHistory() {
        boolean[] found = {false};
        for (ObjectRole role : new ObjectRole[] {
            ObjectRole.LOG, ObjectRole.PACK, ObjectRole.INDEX, ObjectRole.SNAPSHOT, ObjectRole.CHECKPOINT
        }) {
            objects.list(role.prefix(), any -> found[0] = true);
        }
        return found[0];
    }

    private void requireEmpty() {
        if (header().isPresent()) {
            throw new RepositoryExistsException("there is a repository at " + sink + " already: open() opens it");
        }
        String[] foreign = {null};
        objects.list("", object -> {
            if (!object.name().startsWith(ObjectRole.KEY.prefix())) {
                foreign[0] = object.name();
            }
        });
        if (foreign[0] != null) {
            throw new NotARepositoryException(
                    "a repository can only be created where nothing is, but " + sink + " holds " + foreign[0]);
        }
    }

    private SlotSecret secret() {
        return switch (encryption.kind()) {
            case NONE -> SlotSecret.none();
            case PASSPHRASE -> passphrase(encryption.askPassphrase());
            case KEY_FILE -> keyFile(encryption.keyFile());
        };
    }

    private static SlotSecret passphrase(char[] given) {
        try {
            return SlotSecret.passphrase(given);
        } finally {
            Arrays.fill(given, '\0');
        }
    }

    private static SlotSecret keyFile(Path file) {
        try {
            if (Files.size(file) > SlotSecret.MAX_KEY_FILE) {
                throw new IllegalArgumentException("key file " + file + " has more than " + SlotSecret.MAX_KEY_FILE
                        + " bytes; is it the right file?");
            }
            return SlotSecret.keyFile(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new BackupException("key file " + file + " can't be read: " + e, e);
        }
    }

    private static Map<String, Long> defaults() {
        return Map.of(
                CHUNK_RADIUS,
                (long) ChunkerParameters.DEFAULT_RADIUS,
                CHUNK_MAX,
                (long) ChunkerParameters.DEFAULT_MAX,
                LEAF_RADIUS,
                32L << 10,
                INNER_RADIUS,
                6L << 10,
                LARGEST_KEY,
                1024L);
    }

    private static int number(RepositoryHeader header, String name) {
        long value = header.parameter(name);
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw unknownParameter(name + " = " + value, null);
        }
        return (int) value;
    }

    private static UnsupportedFormatException unknownParameter(String what, @Nullable Throwable cause) {
        return new UnsupportedFormatException(
                "the repository was made with parameters that this version of the library does not know: " + what,
                cause);
    }

    private byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
