package io.crmbackup.internal.object;

import io.crmbackup.error.BackupCancelledException;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.error.SinkException;
import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The sink as the engine uses it: bytes in bounded arrays, failures as {@link SinkException}, calls that failed for
 * the moment made again. Thread-safe as far as the sink is. Does not close the sink.
 *
 * <p>A put whose outcome is unknown is made again with the same name and bytes, which is harmless, since names are
 * never used for anything else. Missing objects and taken names are answers, not failures.
 */
public final class ObjectStore {
    /** What became of a put. */
    public enum Outcome {
        /** The object is there, with exactly these bytes. */
        STORED,
        /** The name belongs to other bytes. */
        TAKEN
    }

    private final Sink sink;
    private final Retries retries;

    /** Creates the view of a sink. */
    public ObjectStore(Sink sink, Retries retries) {
        this.sink = sink;
        this.retries = retries;
    }

    /**
     * Puts an object.
     *
     * @throws SinkException if it is not known to be stored; it may be, or become so later
     */
    public Outcome put(String name, SinkContent content) {
        return call("write " + name, () -> {
            try {
                sink.put(name, content);
                return Outcome.STORED;
            } catch (FileAlreadyExistsException e) {
                // Perhaps it was this very put, in an earlier attempt that was not answered.
                return same(name, content) ? Outcome.STORED : Outcome.TAKEN;
            }
        });
    }

    /** Puts an object; see {@link #put(String, SinkContent)}. */
    public Outcome put(String name, byte[] bytes) {
        return put(name, SinkContent.of(bytes));
    }

    /**
     * A whole object, or empty if there is none.
     *
     * @param maxLength most bytes to accept
     * @throws DamagedObjectException if it has more bytes
     * @throws SinkException if the sink can't be read
     */
    public Optional<byte[]> find(String name, int maxLength) {
        return call("read " + name, () -> {
            try (InputStream in = sink.get(name, 0, (long) maxLength + 1)) {
                byte[] bytes = in.readNBytes(maxLength);
                if (in.read() >= 0) {
                    throw new DamagedObjectException(name, "has more than " + maxLength + " bytes");
                }
                return Optional.of(bytes);
            } catch (NoSuchFileException e) {
                return Optional.<byte[]>empty();
            }
        });
    }

    /** A whole object of this role, or empty if there is none; see {@link #find(String, int)}. */
    public Optional<byte[]> find(ObjectRole role, String name) {
        return find(name, Envelope.LENGTH + role.maxLength());
    }

    /** A whole object of this role; if there is none, {@link DamagedObjectException}. */
    public byte[] get(ObjectRole role, String name) {
        return find(role, name).orElseThrow(() -> new DamagedObjectException(name, "is missing"));
    }

    /**
     * Bytes from {@code offset} on, {@code length} of them or fewer where the object ends.
     *
     * @throws DamagedObjectException if the object is missing
     * @throws SinkException if the sink can't be read
     */
    public byte[] atMost(String name, long offset, int length) {
        return call("read " + name, () -> {
            try (InputStream in = sink.get(name, offset, length)) {
                return in.readNBytes(length);
            } catch (NoSuchFileException e) {
                throw new DamagedObjectException(name, "is missing", e);
            }
        });
    }

    /**
     * Exactly {@code length} bytes from {@code offset} on.
     *
     * @throws DamagedObjectException if the object is missing or ends before
     * @throws SinkException if the sink can't be read
     */
    public byte[] range(String name, long offset, int length) {
        byte[] bytes = atMost(name, offset, length);
        if (bytes.length < length) {
            throw new DamagedObjectException(name, "ends after " + (offset + bytes.length) + " bytes");
        }
        return bytes;
    }

    /** Visits the objects below a prefix. A hint: it may miss some, and may show one twice. */
    public void list(String prefix, Consumer<SinkObject> visitor) {
        call("list " + prefix, () -> {
            sink.list(prefix, visitor);
            return true;
        });
    }

    /** Removes an object if it is there. */
    public void delete(String name) {
        call("delete " + name, () -> {
            sink.delete(name);
            return true;
        });
    }

    private boolean same(String name, SinkContent content) throws IOException {
        try (InputStream stored = new BufferedInputStream(sink.get(name, 0, Long.MAX_VALUE));
                InputStream wanted = new BufferedInputStream(content.open())) {
            byte[] mine = new byte[1 << 13];
            while (true) {
                int n = wanted.readNBytes(mine, 0, mine.length);
                if (n == 0) {
                    return stored.read() < 0;
                }
                byte[] theirs = stored.readNBytes(n);
                if (!Arrays.equals(mine, 0, n, theirs, 0, theirs.length)) {
                    return false;
                }
            }
        }
    }

    @FunctionalInterface
    private interface SinkCall<T> {
        T run() throws IOException;
    }

    /** Whether trying again is of no use: the store is there and refuses, or is not there at all. */
    private static boolean isFinal(IOException failure) {
        return failure instanceof AccessDeniedException || failure instanceof NotDirectoryException;
    }

    private <T> T call(String what, SinkCall<T> call) {
        for (int failed = 1; ; failed++) {
            if (Thread.currentThread().isInterrupted()) {
                throw new BackupCancelledException("interrupted; did not " + what);
            }
            try {
                return call.run();
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new BackupCancelledException("interrupted; could not " + what, e);
                }
                if (failed >= retries.attempts() || isFinal(e)) {
                    String attempts = failed == 1 ? "" : ", after " + failed + " attempts";
                    throw new SinkException("could not " + what + " in the sink" + attempts + ": " + e.getMessage(), e);
                }
                retries.pause(failed);
            }
        }
    }
}
