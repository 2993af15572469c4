package io.crmbackup.jdbc.internal.merge.live;

import io.crmbackup.jdbc.internal.dialect.Table;
import io.crmbackup.spi.FieldValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which characters columns of a table don't have, where the database would store others instead without a word, or fail. It is asked for each
 * character once, whatever the number of rows. Used by one thread at a time.
 */
public final class Characters {
    /** So many are asked for together. */
    private static final int MOST = 10_000;

    private final LiveDatabase database;
    private final Map<String, CharacterSet> byColumn = new HashMap<>();

    private record CharacterSet(String name, BitSet asked, BitSet lacking) {}

    Characters(LiveDatabase database, Table table) throws SQLException {
        this.database = database;
        Map<String, CharacterSet> byName = new HashMap<>();
        database.dialect()
                .characterSets(database.connection(), table)
                .forEach((column, name) -> byColumn.put(
                        column, byName.computeIfAbsent(name, n -> new CharacterSet(n, new BitSet(), new BitSet()))));
    }

    /** The character set of a column; empty if it has all characters. */
    public Optional<String> set(String column) {
        return Optional.ofNullable(byColumn.get(column)).map(CharacterSet::name);
    }

    /** Whether a column lacks one of a value's characters. */
    public boolean areLacking(String column, FieldValue value) throws IOException, SQLException {
        CharacterSet characters = byColumn.get(column);
        if (characters == null || value.isNull()) {
            return false;
        }
        BitSet unknown = new BitSet();
        try (Reader text = value.isContent()
                ? new BufferedReader(new InputStreamReader(value.open(), StandardCharsets.UTF_8))
                : new StringReader(new String(value.bytes(), StandardCharsets.UTF_8))) {
            for (int unit = text.read(); unit >= 0; unit = text.read()) {
                int character = Character.isHighSurrogate((char) unit)
                        ? Character.toCodePoint((char) unit, (char) text.read())
                        : unit;
                if (characters.lacking().get(character)) {
                    return true;
                }
                if (!characters.asked().get(character)) {
                    unknown.set(character);
                }
            }
        }
        ask(characters, unknown.stream().toArray());
        return characters.lacking().intersects(unknown);
    }

    private void ask(CharacterSet characters, int[] unknown) throws SQLException {
        for (int from = 0; from < unknown.length; from += MOST) {
            int count = Math.min(MOST, unknown.length - from);
            int[] stored = database.dialect()
                    .stored(database.connection(), characters.name(), new String(unknown, from, count))
                    .codePoints()
                    .toArray();
            for (int i = 0; i < count; i++) {
                int character = unknown[from + i];
                characters.asked().set(character);
                characters.lacking().set(character, stored[i] != character);
            }
        }
    }
}
