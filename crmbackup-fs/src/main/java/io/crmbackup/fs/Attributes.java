package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives restored files their attributes. New files belong to the process and are private until the last step, which is the mode: a change of
 * owner may clear set-id bits, and a mode may take away the right to do the rest. Not thread-safe.
 */
final class Attributes {
    private static final int OWNER_MAY_CHANGE = 0300;

    private final boolean unix;
    private final boolean owners;
    private final boolean specialModes;
    private final boolean extended;
    private final Losses losses = new Losses();

    private Attributes(boolean unix, boolean owners, boolean specialModes, boolean extended) {
        this.unix = unix;
        this.owners = owners;
        this.specialModes = specialModes;
        this.extended = extended;
    }

    /** What this process may do where a path is, or will be. */
    static Attributes on(Path place, boolean specialModesAsked) {
        boolean unix = FileFacts.isUnix(place.getFileSystem());
        boolean owners = unix && System.getProperty("user.name", "").equals("root");
        return new Attributes(unix, owners, owners && specialModesAsked, ExtendedAttributes.arePossibleOn(place));
    }

    /** What could not be given back so far. */
    Losses losses() {
        return losses;
    }

    /** Whether files get their owner and group back. */
    boolean restoreOwners() {
        return owners;
    }

    /** Whether files get their set-id bits back, which make sense with their owner only. */
    boolean restoreSpecialModes() {
        return specialModes;
    }

    /** Whether files get their extended attributes back. */
    boolean restoreExtended() {
        return extended;
    }

    /**
     * Whether a file has what {@link #applyAllButMode} and {@link #applyMode} would give it. Set-id bits that are there and would not be set are no difference, unless the
     * record denies them.
     */
    boolean have(FileFacts present, RestoredEntry entry) {
        boolean isLink = entry.kind() == FileFacts.Kind.LINK;
        return (!owners || entry.gid() < 0 || (int) entry.gid() == present.gid())
                && (!owners || entry.uid() < 0 || (int) entry.uid() == present.uid())
                && (isLink || entry.modified() == null || entry.modified().equals(present.modified()))
                && (isLink || entry.mode() < 0 || present.mode() < 0 || hasMode(present.mode(), entry));
    }

    /** The same, and the extended attributes and those of Windows. */
    boolean have(Path path, FileFacts present, RestoredEntry entry) throws IOException {
        return have(present, entry) && entry.windows().areOn(path) && hasExtended(path, entry);
    }

    private boolean hasExtended(Path path, RestoredEntry entry) throws IOException {
        Map<String, byte[]> wanted = extended(entry);
        return wanted == null || Arrays.equals(ExtendedAttributes.read(path), ExtendedAttributes.bytes(wanted));
    }

    /** The extended attributes to be set, all others being taken away; null for those that are there. */
    private @Nullable Map<String, byte[]> extended(RestoredEntry entry) {
        return extended && entry.kind() != FileFacts.Kind.LINK ? entry.extended() : null;
    }

    private boolean hasMode(int mode, RestoredEntry entry) {
        int wanted = entry.mode() | entry.special();
        return mode == wanted || (!specialModes && (mode & ~entry.special()) == entry.mode());
    }

    /** Sets owner, group, extended attributes and time. */
    void applyAllButMode(Path path, RestoredEntry entry) throws IOException {
        if (owners && entry.gid() >= 0) {
            Files.setAttribute(path, "unix:gid", (int) entry.gid(), LinkOption.NOFOLLOW_LINKS);
        }
        if (owners && entry.uid() >= 0) {
            Files.setAttribute(path, "unix:uid", (int) entry.uid(), LinkOption.NOFOLLOW_LINKS);
        }
        Map<String, byte[]> wanted = extended(entry);
        if (wanted != null && (!wanted.isEmpty() || ExtendedAttributes.read(path).length > 0)) {
            extend(path, wanted);
        }
        entry.windows().applyTimes(path);
        if (entry.modified() != null && entry.kind() != FileFacts.Kind.LINK) {
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(entry.modified(), null, null);
        }
    }

    /** Not all file systems that have such attributes have room for those of others: no reason to let a restore fail. */
    private void extend(Path path, Map<String, byte[]> extended) {
        try {
            ExtendedAttributes.write(path, extended);
        } catch (IOException | UnsupportedOperationException e) {
            losses.add(Losses.Kind.EXTENDED, e);
        }
    }

    /** Lets this process write into a directory if it is its own; whoever calls this sets the mode again. */
    void letWriteInto(@Nullable Path directory) throws IOException {
        if (directory != null && FileFacts.isPosix(directory) && !Files.isWritable(directory)) {
            applyMode(directory, FileFacts.of(directory).mode() | OWNER_MAY_CHANGE);
        }
    }

    /** Sets the mode of a file or directory, if the record tells one, or its access rights. Users may not be known here; that is no failure. */
    void applyMode(Path path, RestoredEntry entry) throws IOException {
        if (entry.mode() >= 0) {
            applyMode(path, entry.mode() | (specialModes ? entry.special() : 0));
        }
        try {
            entry.windows().applyRights(path);
        } catch (IOException | UnsupportedOperationException e) {
            losses.add(Losses.Kind.RIGHTS, e);
        }
    }

    void applyMode(Path path, int mode) throws IOException {
        if (unix) {
            Files.setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
        } else {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            if (view != null) {
                view.setPermissions(FileFacts.permissions(mode));
            }
        }
    }
}
