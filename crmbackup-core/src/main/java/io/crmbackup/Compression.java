package io.crmbackup;

/**
 * What the chunks of a source or collection may be compressed with.
 *
 * <p>The standard stores a new version of a chunk as what it differs in from the version before, and small similar contents with a dictionary
 * that the collection has in common. That is what makes a backup of few changes small. It also makes the size of what is stored depend on how
 * much one record has in common with others. Someone who can put records of his choosing next to secret ones (a contact form, an import, mail that
 * is filed as it comes) and who can watch how large the repository's objects become, may test guesses about the secret by this, as the attacks
 * CRIME (Rizzo and Duong, 2012) and BREACH (Prado, Harris and Gluck, 2013) did on web pages: a guess that is right compresses better. Padding blurs
 * sizes; it takes more attempts then, not another method.
 *
 * <p>Isolated chunks are compressed by themselves alone. What remains is what lies within one chunk of up to 64 KiB on average, and that equal chunks are
 * stored once. Use it for collections whose records are secrets and that strangers can add to; it costs space with each change.
 *
 * <p>It applies to what is stored from then on. Immutable.
 */
public final class Compression {
    private static final Compression STANDARD = new Compression("standard");
    private static final Compression ISOLATED = new Compression("isolated");

    private final String text;

    private Compression(String text) {
        this.text = text;
    }

    /** Deltas on earlier versions, and dictionaries where they pay. */
    public static Compression standard() {
        return STANDARD;
    }

    /** Each chunk by itself: what is stored of a record never depends on other chunks. */
    public static Compression isolated() {
        return ISOLATED;
    }

    /** Whether each chunk is compressed by itself. */
    public boolean isIsolated() {
        return this == ISOLATED;
    }

    /** One word for it. */
    @Override
    public String toString() {
        return text;
    }
}
