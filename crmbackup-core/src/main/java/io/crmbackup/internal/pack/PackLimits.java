package io.crmbackup.internal.pack;

/** Sizes that writers keep to and readers insist on. */
public final class PackLimits {
    /** A pack is closed before its object would exceed this, which is a size class: padding then adds next to nothing. */
    static final int TARGET_OBJECT = 16 * 1024 * 1024;

    /** Most chunks in a pack, so that what it says about them, at most {@link DirectoryEntries#LARGEST} bytes each, fits into one index object. */
    public static final int MAX_CHUNKS = 32_768;

    /** Longest directory record in bytes. */
    static final int MAX_DIRECTORY = RecordLayout.length(MAX_CHUNKS * DirectoryEntries.LARGEST);

    /** Largest pack that is read, in bytes: room for writers that fill larger packs than this one does. */
    public static final int MAX_OBJECT = 160 * 1024 * 1024;

    private PackLimits() {}
}
