package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.crmbackup.fs.Trees.Read;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclEntryFlag;
import java.nio.file.attribute.AclEntryPermission;
import java.nio.file.attribute.AclEntryType;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Directories on a file system in memory that has the names and attributes of Windows. */
class WindowsTest {
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));

    private FileSystem windows;
    private Path root;
    private Path restored;

    @BeforeEach
    void create() throws IOException {
        windows = Jimfs.newFileSystem(Configuration.windows().toBuilder()
                .setAttributeViews("basic", "owner", "dos", "acl", "user")
                .build());
        root = Files.createDirectories(windows.getPath("C:\\attachments"));
        restored = windows.getPath("C:\\restored");
    }

    @AfterEach
    void close() throws IOException {
        windows.close();
    }

    private UserPrincipal user(String name) throws IOException {
        return windows.getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    @Test
    void attributesOfWindowsAreKept() throws IOException {
        Path file = Files.writeString(Files.createDirectory(root.resolve("d")).resolve("\u00fcber.txt"), "content");
        Files.setAttribute(file, "dos:hidden", true);
        Files.setAttribute(file, "dos:readonly", true);
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(LONG_AGO, null, LONG_AGO);
        AclFileAttributeView acl = Files.getFileAttributeView(file, AclFileAttributeView.class);
        acl.setOwner(user("anna"));
        acl.setAcl(List.of(
                AclEntry.newBuilder()
                        .setType(AclEntryType.DENY)
                        .setPrincipal(user("guests"))
                        .setPermissions(AclEntryPermission.WRITE_DATA, AclEntryPermission.DELETE)
                        .build(),
                AclEntry.newBuilder()
                        .setType(AclEntryType.ALLOW)
                        .setPrincipal(user("sales people"))
                        .setPermissions(AclEntryPermission.READ_DATA)
                        .setFlags(AclEntryFlag.FILE_INHERIT)
                        .build()));
        List<Read> records = Trees.read(DirectorySource.of(root));

        Trees.restore(DirectoryTarget.at(restored), records);

        Read read = records.get(1);
        assertThat(read.text("dos")).isEqualTo("hidden readonly");
        assertThat(read.text("created")).isEqualTo("2001-02-03T04:05:06Z");
        assertThat(read.text("acl"))
                .isEqualTo(
                        "owner\tanna\nDENY\tguests\tDELETE,WRITE_DATA\t\nALLOW\tsales people\tREAD_DATA\tFILE_INHERIT");
        Path again = restored.resolve("d").resolve("\u00fcber.txt");
        assertThat(Files.getAttribute(again, "dos:hidden")).isEqualTo(true);
        assertThat(Files.getAttribute(again, "dos:archive")).isEqualTo(false);
        assertThat(Files.getFileAttributeView(again, AclFileAttributeView.class).getAcl())
                .isEqualTo(acl.getAcl());
        assertThat(Trees.read(DirectorySource.of(restored)))
                .extracting(Read::values)
                .isEqualTo(records.stream().map(Read::values).toList());
    }

    @Test
    void flagThatDiffersIsSetInPlace() throws IOException {
        Path file = Files.writeString(root.resolve("a"), "content");
        Files.setAttribute(file, "dos:system", true);
        List<Read> records = Trees.read(DirectorySource.of(root));
        Files.setAttribute(file, "dos:system", false);

        Trees.restore(DirectoryTarget.overwriteChanged(root), records);

        assertThat(Files.getAttribute(file, "dos:system")).isEqualTo(true);
    }

    @Test
    void recordsOfWindowsAreRestoredElsewhereWithoutThem() throws IOException {
        Files.writeString(root.resolve("a"), "content");
        List<Read> records = Trees.read(DirectorySource.of(root));
        try (FileSystem unix = Jimfs.newFileSystem(Configuration.unix().toBuilder()
                .setAttributeViews("basic", "owner", "posix")
                .build())) {
            Path target = unix.getPath("/restored");

            Trees.restore(DirectoryTarget.at(target).with(NameRules.POSIX, Durability.NONE), records);

            assertThat(target.resolve("a")).hasContent("content");
            assertThat(DirectoryTarget.at(target).fieldsNotRestored("files"))
                    .contains("dos", "created", "acl", "xattr");
        }
    }

    @Test
    void flagsThatAreNoneAreRefused() {
        assertThat(WindowsAttributes.parse("archive hidden readonly system", null, null)
                        .flags())
                .isEqualTo("archive hidden readonly system");
        assertThat(WindowsAttributes.parse("", null, null).flags()).isEmpty();
        assertThatThrownBy(() -> WindowsAttributes.parse("hidden immutable", null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
