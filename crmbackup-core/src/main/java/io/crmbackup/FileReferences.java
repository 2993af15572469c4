package io.crmbackup;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says that records of a collection refer to files: which field holds the path, and among which source's files it is found. With it a
 * backup keeps every file in the version that the record describes, and a restore of records brings their files. Immutable.
 */
public final class FileReferences {
    private final String source;
    private final String collection;
    private final String pathField;
    private final @Nullable String sizeField;
    private final String files;

    private FileReferences(
            String source, String collection, String pathField, @Nullable String sizeField, String files) {
        this.source = source;
        this.collection = collection;
        this.pathField = pathField;
        this.sizeField = sizeField;
        this.files = files;
    }

    /** Begins with the records that refer: a source's name in the plan and one of its collections. */
    public static Builder from(String source, String collection) {
        return new Builder(BackupPlan.checkName("source", source), checkNotEmpty("collection", collection));
    }

    /** The source of the records. */
    public String source() {
        return source;
    }

    /** The collection of the records. */
    public String collection() {
        return collection;
    }

    /** The field that holds the path, relative to the files' root and with {@code /} between components. */
    public String pathField() {
        return pathField;
    }

    /** The field that holds the file's size in bytes, if there is one. */
    public Optional<String> sizeField() {
        return Optional.ofNullable(sizeField);
    }

    /** The source of the files. */
    public String files() {
        return files;
    }

    @Override
    public String toString() {
        return source + "/" + collection + "." + pathField + " -> " + files;
    }

    /** Collects what is needed. Not thread-safe. */
    public static final class Builder {
        private final String source;
        private final String collection;
        private @Nullable String path;
        private @Nullable String size;

        private Builder(String source, String collection) {
            this.source = source;
            this.collection = collection;
        }

        /** Names the field that holds the path, relative to the files' root and with {@code /} between components. */
        public Builder path(String field) {
            path = checkNotEmpty("field of the path", field);
            return this;
        }

        /** Names the field that holds the file's size in bytes: where two versions of a file were seen, the one of this size is kept. */
        public Builder size(String field) {
            size = checkNotEmpty("field of the size", field);
            return this;
        }

        /** Ends with the source of the files, by its name in the plan. */
        public FileReferences in(String files) {
            if (path == null) {
                throw new IllegalStateException(
                        "say which field of " + source + "/" + collection + " holds the path: .path(\"...\")");
            }
            return new FileReferences(source, collection, path, size, BackupPlan.checkName("source", files));
        }
    }

    private static String checkNotEmpty(String what, String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("the name of the " + what + " can't be empty");
        }
        return name;
    }
}
