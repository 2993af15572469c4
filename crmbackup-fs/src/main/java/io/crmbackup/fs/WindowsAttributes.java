package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What files have on systems without POSIX permissions; all null on others and for links.
 *
 * @param flags those of {@code archive}, {@code hidden}, {@code readonly} and {@code system} that are set, with a space between; empty for none
 * @param created when the file was created
 * @param acl owner and access control list, a line each: {@code owner}, tab, name; then for each entry in order its type, the name whom it is
 *     about, its permissions and its flags, with tabs between, the last two as words with commas between, as Java calls them
 */
record WindowsAttributes(
        @Nullable String flags,
        @Nullable FileTime created,
        @Nullable String acl) {
    static final WindowsAttributes NONE = new WindowsAttributes(null, null, null);

    private static final String OWNER = "owner";

    /** Reads them; links are not followed. */
    static WindowsAttributes of(Path path) throws IOException {
        if (FileFacts.isPosix(path)) {
            return NONE;
        }
        DosFileAttributeView dos =
                Files.getFileAttributeView(path, DosFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        FileTime created = Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .creationTime();
        AclFileAttributeView view =
                Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return new WindowsAttributes(
                dos == null ? null : flags(dos.readAttributes()), created, view == null ? null : acl(view));
    }

    /** Checks what was read from storage; fails with {@link IllegalArgumentException} or that of a time. */
    static WindowsAttributes parse(@Nullable String flags, @Nullable String created, @Nullable String acl) {
        if (flags != null && !flags.matches("(archive)? ?(hidden)? ?(readonly)? ?(system)?")) {
            throw new IllegalArgumentException("no flags of a file: " + flags);
        }
        return new WindowsAttributes(flags, created == null ? null : FileTime.from(Instant.parse(created)), acl);
    }

    private static String flags(DosFileAttributes attributes) {
        List<String> flags = new ArrayList<>();
        if (attributes.isArchive()) {
            flags.add("archive");
        }
        if (attributes.isHidden()) {
            flags.add("hidden");
        }
        if (attributes.isReadOnly()) {
            flags.add("readonly");
        }
        if (attributes.isSystem()) {
            flags.add("system");
        }
        return String.join(" ", flags);
    }

    private static String acl(AclFileAttributeView view) throws IOException {
        StringBuilder lines = new StringBuilder(OWNER + "\t" + view.getOwner().getName());
        for (AclEntry entry : view.getAcl()) {
            lines.append('\n')
                    .append(String.join(
                            "\t",
                            entry.type().name(),
                            entry.principal().getName(),
                            names(entry.permissions()),
                            names(entry.flags())));
        }
        return lines.toString();
    }

    private static String names(Set<? extends Enum<?>> values) {
        return values.stream().map(Enum::name).sorted().collect(Collectors.joining(","));
    }

    /** Whether a file has these, as far as files can have them there. */
    boolean areOn(Path path) throws IOException {
        return equals(NONE) || FileFacts.isPosix(path) || equals(of(path));
    }

    /** Sets what does not keep the process from setting the rest. */
    void applyTimes(Path path) throws IOException {
        if (created != null && !FileFacts.isPosix(path)) {
            Files.getFileAttributeView(path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(null, null, created);
        }
    }

    /** Sets the access control list and the flags. */
    void applyRights(Path path) throws IOException {
        DosFileAttributeView dos = FileFacts.isPosix(path)
                ? null
                : Files.getFileAttributeView(path, DosFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        AclFileAttributeView view =
                Files.getFileAttributeView(path, AclFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (acl != null && view != null) {
            apply(acl, view, path.getFileSystem().getUserPrincipalLookupService());
        }
        if (flags != null && dos != null) {
            dos.setArchive(flags.contains("archive"));
            dos.setHidden(flags.contains("hidden"));
            dos.setSystem(flags.contains("system"));
            dos.setReadOnly(flags.contains("readonly"));
        }
    }

    private static void apply(String acl, AclFileAttributeView view, UserPrincipalLookupService users)
            throws IOException {
        List<AclEntry> entries = new ArrayList<>();
        UserPrincipal owner = null;
        for (String line : acl.split("\n", -1)) {
            String[] parts = line.split("\t", -1);
            try {
                if (parts.length == 2 && parts[0].equals(OWNER)) {
                    owner = users.lookupPrincipalByName(parts[1]);
                } else if (parts.length == 4) {
                    entries.add(AclEntry.newBuilder()
                            .setType(AclEntryType.valueOf(parts[0]))
                            .setPrincipal(users.lookupPrincipalByName(parts[1]))
                            .setPermissions(values(AclEntryPermission.class, parts[2]))
                            .setFlags(values(AclEntryFlag.class, parts[3]))
                            .build());
                } else {
                    throw new IOException("no entry of an access control list");
                }
            } catch (IllegalArgumentException e) {
                throw new IOException("no entry of an access control list", e);
            }
        }
        if (owner != null && !owner.equals(view.getOwner())) {
            view.setOwner(owner);
        }
        view.setAcl(entries);
    }

    private static <E extends Enum<E>> Set<E> values(Class<E> type, String names) {
        Set<E> values = EnumSet.noneOf(type);
        if (!names.isEmpty()) {
            Arrays.stream(names.split(","))
                    .map(name -> Enum.valueOf(type, name))
                    .forEach(values::add);
        }
        return values;
    }
}
