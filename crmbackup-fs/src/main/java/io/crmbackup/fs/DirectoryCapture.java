package io.crmbackup.fs;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.PathGlob;
import io.crmbackup.spi.RecordCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A directory while it is captured. Holds nothing open. */
final class DirectoryCapture implements Capture {
    /** What a capture says of the directory itself, which is not among its records: its mode and numbers of owner and group. */
    static final String ROOT_MODE = "directory.mode";

    /** What files may have and no capture has. */
    static final String NOT_CAPTURED = "not captured";

    private static final String NEVER_CAPTURED =
            "access control lists, capabilities and security labels of Unix systems; flags as immutable; quotas";

    static final String ROOT_UID = "directory.uid";
    static final String ROOT_GID = "directory.gid";

    /** Its patterns, one a line. */
    static final String INCLUDE = "include";

    static final String EXCLUDE = "exclude";

    private final Path root;
    private final FileFacts rootFacts;
    private final List<PathGlob> includes;
    private final List<PathGlob> excludes;
    private final CaptureContext context;
    private final Clock clock;
    private final Instant begin;

    DirectoryCapture(
            Path root,
            FileFacts rootFacts,
            List<PathGlob> includes,
            List<PathGlob> excludes,
            CaptureContext context,
            Clock clock) {
        this.root = root;
        this.rootFacts = rootFacts;
        this.includes = includes;
        this.excludes = excludes;
        this.context = context;
        this.clock = clock;
        this.begin = clock.instant();
    }

    @Override
    public Instant moment() {
        return begin;
    }

    @Override
    public String position() {
        return "";
    }

    @Override
    public Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("kind", "directory");
        attributes.put(NOT_CAPTURED, NEVER_CAPTURED);
        putIfKnown(attributes, ROOT_MODE, FileTree.mode(rootFacts));
        putIfKnown(attributes, ROOT_UID, FileTree.number(rootFacts.uid()));
        putIfKnown(attributes, ROOT_GID, FileTree.number(rootFacts.gid()));
        if (!includes.isEmpty()) {
            attributes.put(
                    INCLUDE,
                    String.join("\n", includes.stream().map(PathGlob::toString).toList()));
        }
        if (!excludes.isEmpty()) {
            attributes.put(
                    EXCLUDE,
                    String.join("\n", excludes.stream().map(PathGlob::toString).toList()));
        }
        return attributes;
    }

    /** The patterns that a capture said it had. */
    static List<PathGlob> globs(Map<String, String> attributes, String name) {
        return attributes.getOrDefault(name, "").lines().map(PathGlob::of).toList();
    }

    private static void putIfKnown(Map<String, String> attributes, String name, FieldValue value) {
        if (!value.isNull()) {
            attributes.put(name, String.valueOf(value.text()));
        }
    }

    @Override
    public List<CapturedCollection> collections() {
        return List.of(new CapturedCollection(FileTree.COLLECTION, FileTree.SCHEMA, CapturedCollection.Order.BY_KEY));
    }

    @Override
    public RecordCursor read(String collection) throws IOException {
        if (!collection.equals(FileTree.COLLECTION)) {
            throw new IllegalArgumentException(
                    "a directory has the collection " + FileTree.COLLECTION + ", not " + collection);
        }
        DirectoryWalk walk = DirectoryWalk.in(root, includes, excludes, context, DirectoryWalk.MOST_NAMES);
        return new FileCursor(walk, new FirstPaths(context.workDirectory()), begin, clock);
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
