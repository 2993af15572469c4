package io.crmbackup.internal.portable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON documents by what they say: no white space, names of an object in ascending order of their UTF-16 code units, strings with the fewest
 * escapes. That is RFC 8785, but for numbers, which have the form of {@link NumberText}: as doubles they would lose digits that databases keep.
 */
final class JsonText {
    private static final int FIRST_UNESCAPED = 0x20;

    private final JsonParser parser;

    private JsonText(JsonParser parser) {
        this.parser = parser;
    }

    /** The form of a document; null if it is none, or nested too deeply, or an object in it has a name twice. */
    static byte @Nullable [] canonical(byte[] document) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (JsonParser parser = factory.createParser(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(document))
                .toString())) {
            JsonToken token = parser.nextToken();
            StringBuilder out = new StringBuilder(document.length);
            if (token == null) {
                return null;
            }
            new JsonText(parser).value(token, out);
            return parser.nextToken() == null ? out.toString().getBytes(StandardCharsets.UTF_8) : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void value(JsonToken token, StringBuilder out) throws IOException {
        switch (token) {
            case START_OBJECT -> object(out);
            case START_ARRAY -> array(out);
            case VALUE_STRING -> string(parser.getText(), out);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getText(), out);
            default -> out.append(parser.getText());
        }
    }

    private void object(StringBuilder out) throws IOException {
        Map<String, String> members = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            StringBuilder value = new StringBuilder();
            value(parser.nextToken(), value);
            members.put(name, value.toString());
        }
        out.append('{');
        String separator = "";
        for (Map.Entry<String, String> member : members.entrySet()) {
            out.append(separator);
            string(member.getKey(), out);
            out.append(':').append(member.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private void array(StringBuilder out) throws IOException {
        out.append('[');
        String separator = "";
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            out.append(separator);
            value(token, out);
            separator = ",";
        }
        out.append(']');
    }

    private static void number(String text, StringBuilder out) throws IOException {
        byte[] form = NumberText.exact(text.getBytes(StandardCharsets.UTF_8));
        if (form == null) {
            throw new IOException("not a number that can be told by its value");
        }
        out.append(new String(form, StandardCharsets.US_ASCII));
    }

    private static void string(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < FIRST_UNESCAPED || isAlone(text, i)) {
                        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Whether a code unit is half of a pair without the other half: it has no form in UTF-8. */
    private static boolean isAlone(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
