package io.crmbackup.internal.portable;

import java.util.Map;

/** The encoding of text in values that bring their own types. */
enum TextEncoding {
    UTF_8,
    OTHER;

    /** What a source says of itself. */
    static TextEncoding of(Map<String, String> attributes) {
        return attributes.getOrDefault("encoding", "UTF-8").equalsIgnoreCase("UTF-8") ? UTF_8 : OTHER;
    }
}
