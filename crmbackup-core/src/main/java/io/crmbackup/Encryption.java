package io.crmbackup;

import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What opens a repository. Everything in a repository is encrypted with keys derived from its master key; this says how the master key itself
 * is kept. Immutable; holds no secret itself.
 */
public final class Encryption {
    /** How the master key is kept. */
    public enum Kind {
        /** Wrapped by a key that is derived from a passphrase, on purpose slowly. */
        PASSPHRASE,
        /** Wrapped by a key that is derived from a file of random bytes. */
        KEY_FILE,
        /** In the clear, beside the data: whoever has the repository can read it. */
        NONE
    }

    private final Kind kind;
    private final @Nullable Supplier<char[]> passphrase;
    private final @Nullable Path keyFile;

    private Encryption(Kind kind, @Nullable Supplier<char[]> passphrase, @Nullable Path keyFile) {
        this.kind = kind;
        this.passphrase = passphrase;
        this.keyFile = keyFile;
    }

    /**
     * A passphrase, asked for each time that a repository is created or opened. The array is overwritten with zeros after use, so the
     * supplier gives a fresh one each time.
     */
    public static Encryption passphrase(Supplier<char[]> passphrase) {
        return new Encryption(Kind.PASSPHRASE, Objects.requireNonNull(passphrase, "passphrase"), null);
    }

    /** A file of at least 32 random bytes, as {@code head -c 32 /dev/urandom > key} makes. Without it nothing can be restored. */
    public static Encryption keyFile(Path file) {
        return new Encryption(Kind.KEY_FILE, null, Objects.requireNonNull(file, "file"));
    }

    /** No secrecy: the key lies in the repository. Damage is still found, tampering is not. */
    public static Encryption none() {
        return new Encryption(Kind.NONE, null, null);
    }

    /** How the master key is kept. */
    public Kind kind() {
        return kind;
    }

    /**
     * Asks for the passphrase; throws {@link IllegalStateException} for other kinds, and if the supplier gives none or one that was
     * overwritten after it was used.
     */
    public char[] askPassphrase() {
        if (passphrase == null) {
            throw new IllegalStateException("there is no passphrase: the kind is " + kind);
        }
        char @Nullable [] given = passphrase.get();
        if (given == null) {
            throw new IllegalStateException("the supplier of the passphrase gave null");
        }
        if (given.length > 0 && CharBuffer.wrap(given).chars().allMatch(c -> c == 0)) {
            throw new IllegalStateException("the passphrase is all zeros: its array was overwritten after use before,"
                    + " so the supplier has to give a fresh copy each time");
        }
        return given;
    }

    /** The key file; throws {@link IllegalStateException} for other kinds. */
    public Path keyFile() {
        if (keyFile == null) {
            throw new IllegalStateException("there is no key file: the kind is " + kind);
        }
        return keyFile;
    }

    /** Tells the kind, never the secret. */
    @Override
    public String toString() {
        return "Encryption." + kind;
    }
}
