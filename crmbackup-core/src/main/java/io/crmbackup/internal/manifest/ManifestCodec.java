package io.crmbackup.internal.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbackup.Compression;
import io.crmbackup.FileReferences;
import io.crmbackup.RecordReferences;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.object.ObjectId;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.report.BackupSizes;
import io.crmbackup.report.SnapshotId;
import io.crmbackup.report.SnapshotState;
import io.crmbackup.report.StrategyKind;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.Source;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Manifests as JSON. Moments are ISO 8601 in UTC, ids hexadecimal digits, trees {@code {"height", "id", "records", "bytes"}}.
 * <pre>
 * {"id", "plan", "moment", "started", "strategy": "FULL"|"INCREMENTAL"|"DIFFERENTIAL", "selfContained": true|false, "reason", "base"?,
 *  "state": "COMPLETE"|"PARTIAL", "sizes": {"read", "changed", "removed", "stored"},
 *  "sources": [{"name", "consistency": "MOMENT"|"WINDOW", "from", "to", "position", "attributes": chunk,
 *               "collections": [{"name", "schema": chunk, "content": tree, "fingerprints": tree, "dictionary"?: chunk,
 *                                "compression"?: "isolated"}]}],
 *  "references": [{"source", "collection", "path", "size"?, "files"}],
 *  "recordReferences"?: [{"source", "collection", "fields": [name], "when"?: {field: text}, "target", "targets": [name]}],
 *  "problems": [{"kind", "collection", "item", "message"}], "problemCount", "packs": [id],
 *  "origin"?: {"repository", "snapshot"}}
 * </pre>
 */
public final class ManifestCodec {
    private static final String ISOLATED = "isolated";

    private final Json json = new Json();

    /** Creates the codec. */
    public ManifestCodec() {}

    /** The document's bytes. */
    public byte[] encode(Manifest manifest) {
        ObjectNode tree = json.object()
                .put("id", manifest.id().hex())
                .put("plan", manifest.plan())
                .put("moment", manifest.moment().toString())
                .put("started", manifest.started().toString())
                .put("strategy", manifest.strategy().name())
                .put("selfContained", manifest.selfContained())
                .put("reason", manifest.reason());
        SnapshotId base = manifest.base();
        if (base != null) {
            tree.put("base", base.hex());
        }
        tree.put("state", manifest.state().name());
        tree.putObject("sizes")
                .put("read", manifest.sizes().bytesRead())
                .put("changed", manifest.sizes().bytesChanged())
                .put("removed", manifest.sizes().bytesRemoved())
                .put("stored", manifest.sizes().bytesStored());
        ArrayNode sources = tree.putArray("sources");
        manifest.sources().forEach(source -> put(sources.addObject(), source));
        ArrayNode references = tree.putArray("references");
        for (FileReferences reference : manifest.references()) {
            ObjectNode node = references
                    .addObject()
                    .put("source", reference.source())
                    .put("collection", reference.collection())
                    .put("path", reference.pathField());
            reference.sizeField().ifPresent(size -> node.put("size", size));
            node.put("files", reference.files());
        }
        if (!manifest.recordReferences().isEmpty()) {
            ArrayNode records = tree.putArray("recordReferences");
            manifest.recordReferences().forEach(reference -> put(records.addObject(), reference));
        }
        ArrayNode problems = tree.putArray("problems");
        for (Problem problem : manifest.problems()) {
            problems.addObject()
                    .put("kind", problem.kind().name())
                    .put("collection", problem.collection())
                    .put("item", problem.item())
                    .put("message", problem.message());
        }
        tree.put("problemCount", manifest.problemCount());
        ArrayNode packs = tree.putArray("packs");
        manifest.packs().forEach(pack -> packs.add(pack.toString()));
        Origin origin = manifest.origin();
        if (origin != null) {
            tree.putObject("origin")
                    .put("repository", origin.repository())
                    .put("snapshot", origin.snapshot().hex());
        }
        return json.write(tree);
    }

    private static void put(ObjectNode node, RecordReferences reference) {
        node.put("source", reference.source()).put("collection", reference.collection());
        SchemaDocuments.putTexts(node, "fields", reference.fields());
        SchemaDocuments.putConditions(node, reference.conditions());
        node.put("target", reference.target());
        SchemaDocuments.putTexts(node, "targets", reference.targetFields());
    }

    private static RecordReferences recordReferences(JsonNode node) {
        RecordReferences.Builder builder = RecordReferences.from(
                        Json.text(node, "source"), Json.text(node, "collection"))
                .fields(SchemaDocuments.texts(node, "fields").toArray(new String[0]));
        SchemaDocuments.conditions(node).forEach(builder::when);
        return builder.to(
                Json.text(node, "target"),
                SchemaDocuments.texts(node, "targets").toArray(new String[0]));
    }

    private static void put(ObjectNode node, SourceManifest source) {
        node.put("name", source.name())
                .put("consistency", source.consistency().name())
                .put("from", source.from().toString())
                .put("to", source.to().toString())
                .put("position", source.position())
                .put("attributes", source.attributes().toString());
        ArrayNode collections = node.putArray("collections");
        for (CollectionManifest collection : source.collections()) {
            ObjectNode one = collections
                    .addObject()
                    .put("name", collection.name())
                    .put("schema", collection.schema().toString());
            put(one.putObject("content"), collection.content());
            put(one.putObject("fingerprints"), collection.fingerprints());
            ChunkId dictionary = collection.dictionary();
            if (dictionary != null) {
                one.put("dictionary", dictionary.toString());
            }
            if (collection.compression().isIsolated()) {
                one.put("compression", ISOLATED);
            }
        }
    }

    private static void put(ObjectNode node, TreeRoot root) {
        node.put("height", root.height())
                .put("id", root.id().toString())
                .put("records", root.records())
                .put("bytes", root.bytes());
    }

    /**
     * Reads a document.
     *
     * @param object the object's name, for messages
     * @throws DamagedObjectException if it is not a manifest
     */
    public Manifest decode(String object, byte[] bytes) {
        try {
            return decode(json.read(bytes));
        } catch (MalformedDocumentException | IllegalArgumentException | DateTimeException e) {
            throw new DamagedObjectException(object, "not a manifest: " + e.getMessage(), e);
        }
    }

    private static Manifest decode(ObjectNode tree) {
        List<SourceManifest> sources = new ArrayList<>();
        for (JsonNode node : Json.list(tree, "sources")) {
            sources.add(source(node));
        }
        List<FileReferences> references = new ArrayList<>();
        for (JsonNode node : Json.list(tree, "references")) {
            FileReferences.Builder builder = FileReferences.from(
                            Json.text(node, "source"), Json.text(node, "collection"))
                    .path(Json.text(node, "path"));
            if (node.has("size")) {
                builder.size(Json.text(node, "size"));
            }
            references.add(builder.in(Json.text(node, "files")));
        }
        List<RecordReferences> recordReferences = new ArrayList<>();
        if (tree.has("recordReferences")) {
            Json.list(tree, "recordReferences").forEach(node -> recordReferences.add(recordReferences(node)));
        }
        List<Problem> problems = new ArrayList<>();
        for (JsonNode node : Json.list(tree, "problems")) {
            problems.add(new Problem(
                    Problem.Kind.valueOf(Json.text(node, "kind")),
                    Json.text(node, "collection"),
                    Json.text(node, "item"),
                    Json.text(node, "message")));
        }
        List<ObjectId> packs = new ArrayList<>();
        for (JsonNode node : Json.list(tree, "packs")) {
            packs.add(ObjectId.parse(node.asText()));
        }
        JsonNode sizes = tree.path("sizes");
        return new Manifest(
                SnapshotId.of(Json.text(tree, "id")),
                Json.text(tree, "plan"),
                Instant.parse(Json.text(tree, "moment")),
                Instant.parse(Json.text(tree, "started")),
                StrategyKind.valueOf(Json.text(tree, "strategy")),
                tree.path("selfContained").asBoolean(),
                Json.text(tree, "reason"),
                base(tree),
                SnapshotState.valueOf(Json.text(tree, "state")),
                new BackupSizes(
                        Json.number(sizes, "read"),
                        Json.number(sizes, "changed"),
                        Json.number(sizes, "removed"),
                        Json.number(sizes, "stored")),
                sources,
                references,
                recordReferences,
                problems,
                Json.number(tree, "problemCount"),
                packs,
                origin(tree));
    }

    private static @Nullable SnapshotId base(ObjectNode tree) {
        return tree.has("base") ? SnapshotId.of(Json.text(tree, "base")) : null;
    }

    private static @Nullable Origin origin(ObjectNode tree) {
        JsonNode origin = tree.path("origin");
        return origin.isMissingNode()
                ? null
                : new Origin(Json.text(origin, "repository"), SnapshotId.of(Json.text(origin, "snapshot")));
    }

    private static SourceManifest source(JsonNode node) {
        List<CollectionManifest> collections = new ArrayList<>();
        for (JsonNode one : Json.list(node, "collections")) {
            collections.add(new CollectionManifest(
                    Json.text(one, "name"),
                    ChunkId.parse(Json.text(one, "schema")),
                    root(one.path("content")),
                    root(one.path("fingerprints")),
                    one.has("dictionary") ? ChunkId.parse(Json.text(one, "dictionary")) : null,
                    one.path("compression").asText().equals(ISOLATED)
                            ? Compression.isolated()
                            : Compression.standard()));
        }
        return new SourceManifest(
                Json.text(node, "name"),
                Source.Consistency.valueOf(Json.text(node, "consistency")),
                Instant.parse(Json.text(node, "from")),
                Instant.parse(Json.text(node, "to")),
                Json.text(node, "position"),
                ChunkId.parse(Json.text(node, "attributes")),
                collections);
    }

    private static TreeRoot root(JsonNode node) {
        return new TreeRoot(
                Math.toIntExact(Json.number(node, "height")),
                ChunkId.parse(Json.text(node, "id")),
                Json.number(node, "records"),
                Json.number(node, "bytes"));
    }
}
