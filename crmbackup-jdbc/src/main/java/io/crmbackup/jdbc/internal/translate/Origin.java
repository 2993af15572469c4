package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.sql.SqlTokens.Token;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a backup comes from.
 *
 * @param product the product's name
 * @param defaultSchema the schema whose tables are named without it
 * @param charset of text in values that bring their own types
 * @param words reads a statement of the product
 */
public record Origin(String product, String defaultSchema, Charset charset, Words words) {
    /** Reads a statement's words. */
    @FunctionalInterface
    public interface Words {
        /** The words; empty if the statement can't be read with certainty. */
        Optional<List<Token>> of(String sql);
    }

    /**
     * The origin of a backup with these attributes.
     *
     * @param attributes what its source says of itself
     */
    public static Origin of(Map<String, String> attributes, String defaultSchema, Words words) {
        String encoding = attributes.getOrDefault("encoding", "UTF-8").toLowerCase(Locale.ROOT);
        Charset charset = switch (encoding) {
            case "utf-16le" -> StandardCharsets.UTF_16LE;
            case "utf-16be" -> StandardCharsets.UTF_16BE;
            default -> StandardCharsets.UTF_8;
        };
        return new Origin(attributes.getOrDefault("product", ""), defaultSchema, charset, words);
    }
}
