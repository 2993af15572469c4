package io.crmbackup.internal.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one key of a repository, from which every other key is derived. Thread-safe. Its bytes are wiped by {@link
 * #close()}; keys derived before stay valid, and whoever asked for them wipes
 * them.
 */
public final class MasterKey implements AutoCloseable {
    /** Length of the key in bytes. */
    public static final int LENGTH = 32;

    private final RepositoryId repository;
    private final byte[] key;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private MasterKey(RepositoryId repository, byte[] key) {
        this.repository = repository;
        this.key = key;
    }

    /** Draws the key of a new repository. */
    public static MasterKey random(RepositoryId repository, SecureRandom random) {
        byte[] key = new byte[LENGTH];
        random.nextBytes(key);
        return new MasterKey(repository, key);
    }

    /** Copies the key of an existing repository; the caller wipes its own copy. */
    public static MasterKey of(RepositoryId repository, byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("a master key has " + LENGTH + " bytes, not " + key.length);
        }
        return new MasterKey(repository, key.clone());
    }

    /** The repository that this key belongs to. */
    public RepositoryId repository() {
        return repository;
    }

    /**
     * The 32-byte key for a purpose: HKDF-SHA-256(master key, salt = repository id, info = "crmbackup/1/" + purpose).
     */
    public byte[] derive(String purpose) {
        byte[] info = ("crmbackup/1/" + purpose).getBytes(StandardCharsets.UTF_8);
        byte[] copy = copy();
        try {
            return Hmac.hkdf(copy, repository.toBytes(), info, LENGTH);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    /** Whether both are the same key of the same repository; takes the same time wherever they differ. */
    public boolean sameAs(MasterKey other) {
        byte[] mine = copy();
        byte[] others = other.copy();
        try {
            return repository.equals(other.repository) && MessageDigest.isEqual(mine, others);
        } finally {
            Arrays.fill(mine, (byte) 0);
            Arrays.fill(others, (byte) 0);
        }
    }

    /** A copy of the bytes, for wrapping; the caller wipes it. */
    byte[] copy() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the master key is closed");
            }
            return key.clone();
        } finally {
            lock.unlock();
        }
    }

    /** Wipes the key. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            Arrays.fill(key, (byte) 0);
        } finally {
            lock.unlock();
        }
    }

    /** Names the repository, never the key. */
    @Override
    public String toString() {
        return "master key of repository " + repository;
    }
}
