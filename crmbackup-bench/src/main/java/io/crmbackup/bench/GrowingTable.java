package io.crmbackup.bench;

import io.crmbackup.spi.Capture;
import io.crmbackup.spi.CaptureContext;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Field;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.Source;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A table of leads in memory, 250 bytes a row, half of it words, that is worked on at random places. Takes 4 bytes a row. */
final class GrowingTable implements Source {
    private static final RecordSchema SCHEMA = RecordSchema.builder()
            .field(new Field("id", FieldType.INTEGER, "BIGINT", Field.Presence.REQUIRED))
            .field("name", FieldType.TEXT)
            .field("email", FieldType.TEXT)
            .field("status", FieldType.TEXT)
            .field("amount", FieldType.INTEGER)
            .field("modified", FieldType.TEXT)
            .field("note", FieldType.TEXT)
            .key("id")
            .build();
    private static final String[] STATUS = {"new", "open", "in progress", "waiting", "won", "lost"};
    private static final String[] WORDS = words();

    private final SplittableRandom random = new SplittableRandom(5);
    private final BitSet deleted = new BitSet();
    /** How often each row was updated. */
    private int[] versions;

    private int rows;
    private long bytesChanged;

    GrowingTable(int rows) {
        this.rows = rows;
        this.versions = new int[rows];
        this.bytesChanged = 250L * rows;
    }

    private static String[] words() {
        SplittableRandom random = new SplittableRandom(1);
        String[] words = new String[3000];
        for (int i = 0; i < words.length; i++) {
            char[] word = new char[3 + random.nextInt(7)];
            for (int c = 0; c < word.length; c++) {
                word[c] = (char) ('a' + random.nextInt(26));
            }
            words[i] = new String(word);
        }
        return words;
    }

    /** Changes so many rows of a thousand each, at random places; new rows come at the end. */
    void change(int updated, int inserted, int removed) {
        bytesChanged = 0;
        long updates = (long) rows * updated / 1000;
        long deletions = (long) rows * removed / 1000;
        int insertions = (int) ((long) rows * inserted / 1000);
        for (long i = 0; i < updates; i++) {
            int id = random.nextInt(rows);
            versions[id]++;
            bytesChanged += deleted.get(id) ? 0 : 5 + 6 + 19;
        }
        for (long i = 0; i < deletions; i++) {
            deleted.set(random.nextInt(rows));
        }
        rows += insertions;
        versions = Arrays.copyOf(versions, rows);
        bytesChanged += 250L * insertions;
    }

    /** The bytes of the values that the last change set. */
    long bytesChanged() {
        return bytesChanged;
    }

    private List<FieldValue> row(int id) {
        SplittableRandom fixed = new SplittableRandom(id);
        SplittableRandom now = new SplittableRandom(31L * id + versions[id]);
        String name = word(fixed) + " " + word(fixed);
        StringBuilder note = new StringBuilder();
        while (note.length() < 140) {
            note.append(word(fixed)).append(' ');
        }
        return List.of(
                FieldValue.number(id),
                FieldValue.text(name),
                FieldValue.text(name.replace(' ', '.') + "@" + word(fixed) + ".example.com"),
                FieldValue.text(STATUS[now.nextInt(STATUS.length)]),
                FieldValue.number(now.nextInt(1_000_000)),
                FieldValue.text("2026-" + (10 + now.nextInt(3)) + "-" + (10 + now.nextInt(18)) + " "
                        + (10 + now.nextInt(14)) + ":" + (10 + now.nextInt(50)) + ":" + (10 + now.nextInt(50))),
                FieldValue.text(note.toString()));
    }

    private static String word(SplittableRandom random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    static long checksum(List<FieldValue> values) {
        long sum = 0;
        for (FieldValue value : values) {
            sum = 31 * sum + Arrays.hashCode(value.bytes());
        }
        return sum * 0x9E3779B97F4A7C15L;
    }

    /** The same for equal rows, in whatever order. */
    long checksum() {
        long sum = 0;
        for (int id = deleted.nextClearBit(0); id < rows; id = deleted.nextClearBit(id + 1)) {
            sum += checksum(row(id));
        }
        return sum;
    }

    @Override
    public Consistency consistency() {
        return Consistency.MOMENT;
    }

    @Override
    public Capture capture(CaptureContext context) {
        Instant moment = Instant.now();
        return new Capture() {
            @Override
            public Instant moment() {
                return moment;
            }

            @Override
            public String position() {
                return "";
            }

            @Override
            public Map<String, String> attributes() {
                return Map.of();
            }

            @Override
            public List<CapturedCollection> collections() {
                return List.of(new CapturedCollection("lead", SCHEMA, CapturedCollection.Order.BY_KEY));
            }

            @Override
            public RecordCursor read(String collection) {
                return new Rows();
            }

            @Override
            public void close() {}
        };
    }

    private final class Rows implements RecordCursor {
        private int id = -1;
        private List<FieldValue> values = List.of();

        @Override
        public boolean next() {
            id = deleted.nextClearBit(id + 1);
            if (id >= rows) {
                return false;
            }
            values = row(id);
            return true;
        }

        @Override
        public RecordKey key() {
            return RecordKey.of(SCHEMA, values);
        }

        @Override
        public List<FieldValue> values() {
            return values;
        }

        @Override
        public void close() {}
    }

    @Override
    public String toString() {
        return "a table of leads";
    }
}
