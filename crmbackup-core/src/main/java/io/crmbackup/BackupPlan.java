package io.crmbackup;

import io.crmbackup.spi.PathGlob;
import io.crmbackup.spi.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is backed up together, and how. A plan is a recipe: it does no I/O, holds no secrets, and can be used any number of times. Snapshots
 * are found again by the plan's name. Immutable and thread-safe.
 */
public final class BackupPlan {
    /** What follows a plan's name in the name of the snapshots that are taken before a restore replaces a system. */
    public static final String BEFORE_RESTORE = ".before-restore";

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,63}");

    private final String name;
    private final Map<String, Source> sources;
    private final List<FileReferences> references;
    private final List<RecordReferences> recordReferences;
    private final BackupStrategy strategy;
    private final Retention retention;
    private final Limits limits;
    private final Map<String, List<PathGlob>> tolerated;
    private final Map<String, Compression> compression;
    private final Map<String, Map<String, Compression>> compressionOfCollections;

    private BackupPlan(Builder builder) {
        name = builder.name;
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(builder.sources));
        references = List.copyOf(builder.references);
        recordReferences = List.copyOf(builder.recordReferences);
        strategy = builder.strategy;
        retention = builder.retention;
        limits = builder.limits;
        Map<String, List<PathGlob>> globs = new LinkedHashMap<>();
        builder.tolerated.forEach((source, list) -> globs.put(source, List.copyOf(list)));
        tolerated = Collections.unmodifiableMap(globs);
        compression = Collections.unmodifiableMap(new LinkedHashMap<>(builder.compression));
        Map<String, Map<String, Compression>> ofCollections = new LinkedHashMap<>();
        builder.compressionOfCollections.forEach(
                (source, map) -> ofCollections.put(source, Collections.unmodifiableMap(new LinkedHashMap<>(map))));
        compressionOfCollections = Collections.unmodifiableMap(ofCollections);
    }

    /** Begins a plan. The name has up to 64 letters, digits, dots, hyphens and underscores, and begins with a letter or digit. */
    public static Builder named(String name) {
        return new Builder(checkName("plan", name));
    }

    /** The plan's name. */
    public String name() {
        return name;
    }

    /** The sources by their names, in the order in which they were added. */
    public Map<String, Source> sources() {
        return sources;
    }

    /** Which records refer to which files. */
    public List<FileReferences> references() {
        return references;
    }

    /** Which records refer to which others, besides what the sources themselves tell. */
    public List<RecordReferences> recordReferences() {
        return recordReferences;
    }

    /** The strategy of backups that name none. */
    public BackupStrategy strategy() {
        return strategy;
    }

    /** Which of the plan's snapshots to keep. Backups drop none: {@link BackupRepository#expire(BackupPlan)} does. */
    public Retention retention() {
        return retention;
    }

    /** What backups may take from the system. */
    public Limits limits() {
        return limits;
    }

    /** Which paths of which source may be unreadable or unstable without making a snapshot partial. */
    public Map<String, List<PathGlob>> tolerated() {
        return tolerated;
    }

    /** How a source is compressed, but for collections that are {@linkplain #compressionOfCollections named} themselves. */
    public Compression compression(String source) {
        return compression.getOrDefault(source, Compression.standard());
    }

    /** How single collections of a source are compressed, by their names as they were given. */
    public Map<String, Compression> compressionOfCollections(String source) {
        return compressionOfCollections.getOrDefault(source, Map.of());
    }

    /** What the plan does, in one line for each part. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("plan ").append(name).append(": ").append(strategy);
        sources.forEach(
                (source, what) -> out.append("\n  ").append(source).append(": ").append(what));
        references.forEach(reference -> out.append("\n  ").append(reference));
        recordReferences.forEach(reference -> out.append("\n  ").append(reference));
        compression.forEach((source, how) ->
                out.append("\n  ").append(source).append(" is compressed ").append(how));
        compressionOfCollections.forEach(
                (source, collections) -> collections.forEach((collection, how) -> out.append("\n  ")
                        .append(source)
                        .append('/')
                        .append(collection)
                        .append(" is compressed ")
                        .append(how)));
        return out.append("\n  ")
                .append(retention)
                .append("\n  ")
                .append(limits)
                .toString();
    }

    static String checkName(String what, String name) {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException(
                    "a " + what + "'s name has up to 64 letters, digits, dots, hyphens and underscores,"
                            + " and begins with a letter or digit; not: \"" + name + "\"");
        }
        return name;
    }

    /** Collects a plan. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Map<String, Source> sources = new LinkedHashMap<>();
        private final List<FileReferences> references = new ArrayList<>();
        private final List<RecordReferences> recordReferences = new ArrayList<>();
        private final Map<String, List<PathGlob>> tolerated = new LinkedHashMap<>();
        private final Map<String, Compression> compression = new LinkedHashMap<>();
        private final Map<String, Map<String, Compression>> compressionOfCollections = new LinkedHashMap<>();
        private BackupStrategy strategy = BackupStrategy.incremental();
        private Retention retention = Retention.keepAll();
        private Limits limits = Limits.none();

        private Builder(String name) {
            this.name = name;
        }

        /** Adds a source under a name of its own; at least one is needed. */
        public Builder source(String sourceName, Source source) {
            checkName("source", sourceName);
            if (sources.putIfAbsent(sourceName, Objects.requireNonNull(source, "source")) != null) {
                throw new IllegalArgumentException("the plan has a source \"" + sourceName + "\" already");
            }
            return this;
        }

        /** Says that records refer to files. */
        public Builder references(FileReferences fileReferences) {
            references.add(Objects.requireNonNull(fileReferences, "fileReferences"));
            return this;
        }

        /**
         * Says that records refer to records, where the source itself does not tell. It is kept with each snapshot, so that restores know it. A
         * backup fails before it stores anything of the source if there are no such collections or fields.
         */
        public Builder references(RecordReferences references) {
            recordReferences.add(Objects.requireNonNull(references, "references"));
            return this;
        }

        /** Sets the strategy of backups that name none; {@link BackupStrategy#incremental()} if this is not called. */
        public Builder strategy(BackupStrategy backupStrategy) {
            strategy = Objects.requireNonNull(backupStrategy, "backupStrategy");
            return this;
        }

        /**
         * Says which of the plan's snapshots to keep when {@link BackupRepository#expire(BackupPlan)} is called; {@link Retention#keepAll()} if this is not called.
         *
         * @throws IllegalArgumentException if the rule would keep nothing
         */
        public Builder retention(Retention rule) {
            retention = rule.requireRules();
            return this;
        }

        /** Limits what backups may take from the system; {@link Limits#none()} if this is not called. */
        public Builder limits(Limits backupLimits) {
            limits = Objects.requireNonNull(backupLimits, "backupLimits");
            return this;
        }

        /**
         * Allows paths of a source of files to be unreadable, or to change while they are read, without making the snapshot partial. They are
         * reported all the same.
         */
        public Builder tolerate(String sourceName, String glob) {
            tolerated
                    .computeIfAbsent(checkName("source", sourceName), any -> new ArrayList<>())
                    .add(PathGlob.of(glob));
            return this;
        }

        /** Sets what a source's chunks are compressed with; {@link Compression#standard()} if this is not called. */
        public Builder compression(String sourceName, Compression how) {
            compression.put(checkName("source", sourceName), Objects.requireNonNull(how, "how"));
            return this;
        }

        /**
         * Sets what one collection's chunks are compressed with, whatever is said of its source. A backup fails before it stores anything of the
         * source if there is no such collection: what is to be isolated must not lose that by being renamed.
         *
         * @param collectionName as it is called in the source; in any case, and without the schema, if that is unambiguous
         */
        public Builder compression(String sourceName, String collectionName, Compression how) {
            if (collectionName.isEmpty()) {
                throw new IllegalArgumentException("a collection needs a name: .compression(\"" + sourceName
                        + "\", ...) without one is for the whole source");
            }
            compressionOfCollections
                    .computeIfAbsent(checkName("source", sourceName), any -> new LinkedHashMap<>())
                    .put(collectionName, Objects.requireNonNull(how, "how"));
            return this;
        }

        /** The plan; throws {@link IllegalStateException} if its parts don't fit together. */
        public BackupPlan build() {
            if (sources.isEmpty()) {
                throw new IllegalStateException(
                        "plan " + name + " has no source: add what is to be backed up with .source(\"...\", ...)");
            }
            for (FileReferences reference : references) {
                requireSource(reference.source(), "references " + reference);
                requireSource(reference.files(), "references " + reference);
                if (reference.source().equals(reference.files())) {
                    throw new IllegalStateException(
                            "records and files of one reference are different sources: " + reference);
                }
            }
            recordReferences.forEach(reference -> requireSource(reference.source(), "references " + reference));
            tolerated.keySet().forEach(source -> requireSource(source, "tolerate"));
            compression.keySet().forEach(source -> requireSource(source, "compression"));
            compressionOfCollections.keySet().forEach(source -> requireSource(source, "compression"));
            return new BackupPlan(this);
        }

        private void requireSource(String source, String by) {
            if (!sources.containsKey(source)) {
                throw new IllegalStateException("plan " + name + ": " + by + " names source \"" + source
                        + "\", but the plan has " + sources.keySet());
            }
        }
    }
}
