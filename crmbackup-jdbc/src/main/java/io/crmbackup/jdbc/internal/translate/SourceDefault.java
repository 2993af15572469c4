package io.crmbackup.jdbc.internal.translate;

/**
 * A column's default.
 *
 * @param text a literal without quotes
 */
record SourceDefault(Kind kind, String text) {
    static final SourceDefault NOW = new SourceDefault(Kind.NOW, "");

    public enum Kind {
        LITERAL,
        /** The moment at which the row is made. */
        NOW
    }

    static SourceDefault literal(String text) {
        return new SourceDefault(Kind.LITERAL, text);
    }
}
