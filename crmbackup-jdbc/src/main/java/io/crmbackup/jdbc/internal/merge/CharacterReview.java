package io.crmbackup.jdbc.internal.merge;

import io.crmbackup.jdbc.internal.merge.live.LiveDatabase;
import io.crmbackup.jdbc.internal.merge.row.Decision;
import io.crmbackup.jdbc.internal.merge.row.RestoredRow;
import io.crmbackup.jdbc.internal.merge.row.Review;
import io.crmbackup.jdbc.internal.merge.row.TableFit;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds rows with characters that a column's character set doesn't have, where the database would store others instead without a word, or fail. It is asked for each
 * character once, whatever the number of rows.
 */
final class CharacterReview implements Review {
    /** So many characters are asked for together. */
    private static final int MOST = 10_000;

    private final LiveDatabase database;
    private final TableFit fit;
    private final List<Column> columns = new ArrayList<>();

    /** A column by its place, and what is known of its character set. */
    private record Column(int place, CharacterSet characters) {}

    private record CharacterSet(String name, BitSet asked, BitSet lacking) {}

    CharacterReview(LiveDatabase database, TableFit fit) throws SQLException {
        this.database = database;
        this.fit = fit;
        Map<String, CharacterSet> byName = new HashMap<>();
        database.dialect().characterSets(database.connection(), fit.table()).forEach((column, name) -> {
            if (fit.indexOf(column) >= 0) {
                columns.add(new Column(
                        fit.indexOf(column),
                        byName.computeIfAbsent(name, n -> new CharacterSet(n, new BitSet(), new BitSet()))));
            }
        });
    }

    @Override
    public void review(Map<RecordKey, RestoredRow> rows, Map<RecordKey, Decision> decisions)
            throws IOException, SQLException {
        for (Column column : columns) {
            int[] place = {column.place()};
            for (RestoredRow row : rows.values()) {
                Decision decision = decisions.get(row.key());
                if (decision != null
                        && Review.writes(decision, place)
                        && lacksOne(column.characters(), row.wanted().get(column.place()))) {
                    String reason = "with characters that column "
                            + fit.fields().get(column.place()).name() + " in the character set "
                            + column.characters().name() + " doesn't have";
                    decisions.put(row.key(), Review.against(row, decision, reason));
                }
            }
        }
    }

    private boolean lacksOne(CharacterSet characters, FieldValue value) throws IOException, SQLException {
        if (value.isNull()) {
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
