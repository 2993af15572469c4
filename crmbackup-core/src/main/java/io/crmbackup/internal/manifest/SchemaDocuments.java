package io.crmbackup.internal.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbackup.error.DamagedObjectException;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.store.Likeness;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Schemas and attributes as chunks of their own.
 * <pre>
 * schema      {"fields": [{"name", "type", "native", "required": true|false}], "keyForm": "FIELDS"|"PATH"|"NONE", "key": [name],
 *              "references": [{"name", "fields": [name], "collection", "targets": [name], "when"?: {field: text}}], "attributes": {name: text}}
 * attributes  {name: text}, ordered by name
 * </pre>
 */
public final class SchemaDocuments {
    private final Json json = new Json();

    /** Creates the codec. */
    public SchemaDocuments() {}

    /** Stores a schema. */
    public ChunkId write(ChunkWriter writer, RecordSchema schema) {
        return write(writer, schema, Likeness.NONE);
    }

    /** Stores a schema that may resemble another. */
    public ChunkId write(ChunkWriter writer, RecordSchema schema, Likeness like) {
        ObjectNode tree = json.object();
        ArrayNode fields = tree.putArray("fields");
        for (Field field : schema.fields()) {
            fields.addObject()
                    .put("name", field.name())
                    .put("type", field.type().name())
                    .put("native", field.nativeType())
                    .put("required", field.presence() == Field.Presence.REQUIRED);
        }
        tree.put("keyForm", schema.keyForm().name());
        putTexts(tree, "key", schema.key());
        ArrayNode references = tree.putArray("references");
        for (Reference reference : schema.references()) {
            ObjectNode node = references.addObject().put("name", reference.name());
            putTexts(node, "fields", reference.fields());
            node.put("collection", reference.collection());
            putTexts(node, "targets", reference.targetFields());
            putConditions(node, reference.conditions());
        }
        tree.set("attributes", attributes(schema.attributes()));
        return write(writer, tree, like);
    }

    /** Stores attributes. */
    public ChunkId write(ChunkWriter writer, Map<String, String> attributes) {
        return write(writer, attributes, Likeness.NONE);
    }

    /** Stores attributes that may resemble others. */
    public ChunkId write(ChunkWriter writer, Map<String, String> attributes, Likeness like) {
        return write(writer, attributes(attributes), like);
    }

    private ChunkId write(ChunkWriter writer, ObjectNode document, Likeness like) {
        byte[] plain = json.write(document);
        return writer.write(ChunkType.SCHEMA, plain, 0, plain.length, like);
    }

    /** Reads a schema. */
    public RecordSchema readSchema(ChunkReader reader, ChunkId id) {
        try {
            ObjectNode tree = json.read(reader.read(id, ChunkType.SCHEMA));
            List<Field> fields = new ArrayList<>();
            for (JsonNode node : Json.list(tree, "fields")) {
                fields.add(new Field(
                        Json.text(node, "name"),
                        FieldType.valueOf(Json.text(node, "type")),
                        Json.text(node, "native"),
                        node.path("required").asBoolean() ? Field.Presence.REQUIRED : Field.Presence.OPTIONAL));
            }
            List<Reference> references = new ArrayList<>();
            for (JsonNode node : Json.list(tree, "references")) {
                references.add(new Reference(
                        Json.text(node, "name"),
                        texts(node, "fields"),
                        Json.text(node, "collection"),
                        texts(node, "targets"),
                        conditions(node)));
            }
            return new RecordSchema(
                    fields,
                    RecordSchema.KeyForm.valueOf(Json.text(tree, "keyForm")),
                    texts(tree, "key"),
                    references,
                    attributes(tree.path("attributes")));
        } catch (MalformedDocumentException | IllegalArgumentException e) {
            throw new DamagedObjectException("chunk " + id, "not a schema: " + e.getMessage(), e);
        }
    }

    /** Reads attributes. */
    public Map<String, String> readAttributes(ChunkReader reader, ChunkId id) {
        try {
            return attributes(json.read(reader.read(id, ChunkType.SCHEMA)));
        } catch (MalformedDocumentException e) {
            throw new DamagedObjectException("chunk " + id, "not attributes: " + e.getMessage(), e);
        }
    }

    private ObjectNode attributes(Map<String, String> attributes) {
        ObjectNode tree = json.object();
        new TreeMap<>(attributes).forEach(tree::put);
        return tree;
    }

    private static Map<String, String> attributes(JsonNode tree) {
        Map<String, String> attributes = new TreeMap<>();
        tree.fieldNames().forEachRemaining(name -> attributes.put(name, Json.text(tree, name)));
        return attributes;
    }

    static void putConditions(ObjectNode tree, Map<String, String> conditions) {
        if (!conditions.isEmpty()) {
            ObjectNode when = tree.putObject("when");
            conditions.forEach(when::put);
        }
    }

    static Map<String, String> conditions(JsonNode tree) {
        Map<String, String> conditions = new LinkedHashMap<>();
        JsonNode when = tree.path("when");
        when.fieldNames().forEachRemaining(field -> conditions.put(field, Json.text(when, field)));
        return conditions;
    }

    static void putTexts(ObjectNode tree, String name, List<String> texts) {
        ArrayNode list = tree.putArray(name);
        texts.forEach(list::add);
    }

    static List<String> texts(JsonNode tree, String name) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : Json.list(tree, name)) {
            texts.add(node.asText());
        }
        return texts;
    }
}
