package io.crmbackup.internal.manifest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads and writes JSON trees, within limits. Never binds types: what is stored can't choose classes. */
final class Json {
    private static final int DEEPEST = 32;

    private final ObjectMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(64 << 20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    byte[] write(JsonNode tree) {
        try {
            return mapper.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory does not fail", e);
        }
    }

    ObjectNode read(byte[] bytes) {
        try {
            if (mapper.readTree(bytes) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (IOException e) {
            throw new MalformedDocumentException("not a JSON document", e);
        }
        throw new MalformedDocumentException("not a JSON object", null);
    }

    static String text(JsonNode tree, String name) {
        JsonNode node = tree.get(name);
        if (node == null || !node.isTextual()) {
            throw new MalformedDocumentException("text \"" + name + "\" is missing", null);
        }
        return node.textValue();
    }

    static long number(JsonNode tree, String name) {
        JsonNode node = tree.get(name);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new MalformedDocumentException("number \"" + name + "\" is missing", null);
        }
        return node.longValue();
    }

    static JsonNode list(JsonNode tree, String name) {
        JsonNode node = tree.get(name);
        if (node == null || !node.isArray()) {
            throw new MalformedDocumentException("list \"" + name + "\" is missing", null);
        }
        return node;
    }
}
