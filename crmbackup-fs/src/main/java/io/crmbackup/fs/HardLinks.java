package io.crmbackup.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file whose further name a restored file is. Records are not believed: the file must lie in the tree, be reached without links, and
 * have the attributes that the record tells, as it has if it was restored from the record that is named. Otherwise, and if it is not there
 * because it was not chosen, is named wrongly or comes later, the file is restored as one of its own. Not thread-safe.
 */
final class HardLinks {
    private final Path root;
    private final NameRules rules;
    private final Attributes attributes;

    HardLinks(Path root, NameRules rules, Attributes attributes) {
        this.root = root;
        this.rules = rules;
        this.attributes = attributes;
    }

    /** The file that is the same as the entry's; null if there is none. */
    @Nullable
    Path first(RestoredEntry entry) {
        byte[] key = entry.hardLink();
        Path path = root;
        int begin = 0;
        try {
            for (int end = 0; end <= key.length; end++) {
                if (end == key.length || key[end] == 0) {
                    byte[] name = Arrays.copyOfRange(key, begin, end);
                    if (rules.objection(name) != null || FileFacts.of(path).kind() != FileFacts.Kind.DIRECTORY) {
                        return null;
                    }
                    path = path.resolve(RawNames.path(root.getFileSystem(), name));
                    begin = end + 1;
                }
            }
            FileFacts facts = FileFacts.of(path);
            boolean same = facts.kind() == FileFacts.Kind.FILE
                    && facts.size() == entry.content().length()
                    && attributes.have(facts, entry);
            return same ? path : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Gives a file one more name; false if that is not possible here. Fails if there is something of that name. */
    static boolean create(Path name, Path file, Losses losses) throws IOException {
        try {
            Files.createLink(name, file);
            return true;
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | IOException e) {
            // File systems without hard links, or that allow a file only so many of them.
            losses.add(Losses.Kind.HARD_LINK, e);
            return false;
        }
    }
}
