package io.crmbackup.internal.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.error.VerificationFailedException;
import io.crmbackup.internal.chunk.ChunkerParameters;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import io.crmbackup.internal.record.BlobStore;
import io.crmbackup.internal.record.RecordEncoder;
import io.crmbackup.internal.record.RowHasher;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.internal.sort.ExternalSorter;
import io.crmbackup.internal.store.ChunkReader;
import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import io.crmbackup.spi.FieldType;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies random histories between two repositories in memory that have nothing in common. */
class CollectionCopyTest {
    private static final RecordSchema KEYED = RecordSchema.builder()
            .field("name", FieldType.TEXT)
            .field("note", FieldType.TEXT)
            .field("content", FieldType.CONTENT)
            .pathKey()
            .build();
    private static final RecordSchema KEYLESS = RecordSchema.builder()
            .field("name", FieldType.TEXT)
            .field("note", FieldType.TEXT)
            .field("content", FieldType.CONTENT)
            .build();

    @TempDir
    Path work;

    /** One of the two repositories. */
    private static final class Side implements ChunkReader, ChunkWriter {
        private final ChunkHasher hasher;
        private final TreeParameters trees;
        private final ChunkerParameters chunker;
        private final byte[] rowKey;
        private final Map<ChunkId, byte[]> chunks = new HashMap<>();
        private UnaryOperator<byte[]> damage = UnaryOperator.identity();

        Side(int secret, int leafRadius, int chunkRadius) {
            byte[] key = new byte[32];
            Arrays.fill(key, (byte) secret);
            hasher = new ChunkHasher(key);
            rowKey = key;
            trees = new TreeParameters(leafRadius, 4 * (1024 + 48), 1024, secret, ~secret);
            chunker = ChunkerParameters.of(key, chunkRadius, 8 * chunkRadius);
        }

        @Override
        public byte[] read(ChunkId id, ChunkType type) {
            return chunks.get(id);
        }

        @Override
        public ChunkId write(ChunkType type, byte[] plain, int offset, int length) {
            ChunkId id = hasher.id(type, plain, offset, length);
            byte[] copy = Arrays.copyOfRange(plain, offset, offset + length);
            chunks.putIfAbsent(id, type == ChunkType.DATA ? damage.apply(copy) : copy);
            return id;
        }

        TreeRoot content(RecordSchema schema, Map<String, List<FieldValue>> records) throws IOException {
            RecordEncoder encoder = new RecordEncoder(schema, new BlobStore(chunker, this));
            TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
            Map<ByteBuffer, Long> numbers = new HashMap<>();
            for (Map.Entry<String, List<FieldValue>> one : records.entrySet()) {
                byte[] row = encoder.row(one.getValue());
                if (schema.isKeyed()) {
                    RecordKey key = RecordKey.path(one.getKey());
                    sorted.put(TreeKeys.place(key), encoder.value(key, row));
                } else {
                    byte[] hash = new RowHasher(rowKey).hash(row);
                    long number = numbers.merge(ByteBuffer.wrap(hash), 1L, Long::sum) - 1;
                    byte[] place = ByteBuffer.allocate(hash.length + 8)
                            .put(hash)
                            .putLong(number)
                            .array();
                    sorted.put(place, encoder.value(row));
                }
            }
            return build(sorted);
        }

        TreeRoot fingerprints(Map<String, List<FieldValue>> records) {
            TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
            records.forEach((name, values) -> {
                if (name.hashCode() % 5 != 0) {
                    byte[] token = ByteBuffer.allocate(4)
                            .putInt(Arrays.hashCode(values.get(0).bytes()))
                            .array();
                    sorted.put(TreeKeys.place(RecordKey.path(name)), token);
                }
            });
            return build(sorted);
        }

        private TreeRoot build(TreeMap<byte[], byte[]> sorted) {
            TreeBuilder tree = new TreeBuilder(trees, this);
            sorted.forEach(tree::add);
            return tree.finish();
        }

        CollectionVersion version(RecordSchema schema, Map<String, List<FieldValue>> records) throws IOException {
            return new CollectionVersion(
                    content(schema, records), schema.isKeyed() ? fingerprints(records) : TreeRoot.EMPTY);
        }
    }

    private final Side from = new Side(1, 700, 64);
    private final Side to = new Side(2, 500, 128);
    private long steps;

    private CollectionCopy copyOf(RecordSchema schema) {
        Destination destination = new Destination(
                to.trees, to.chunker, to.rowKey, to, to, to.hasher::id, () -> new ExternalSorter(work, 1 << 16));
        return new CollectionCopy("c", schema, from.trees, from, destination, new CopyCourse() {
            @Override
            public void record() {
                steps++;
            }

            @Override
            public List<FieldValue> metered(List<FieldValue> values) {
                return values;
            }
        });
    }

    private static List<FieldValue> values(Random random) {
        byte[] content = new byte[random.nextInt(5) == 0 ? random.nextInt(6_000) : random.nextInt(4)];
        random.nextBytes(content);
        String note = switch (random.nextInt(20)) {
            case 0 -> "n".repeat(3_000 + random.nextInt(3_000));
            case 1 -> "";
            default -> "note " + random.nextInt(3);
        };
        return new ArrayList<>(List.of(
                FieldValue.text("name " + random.nextInt(4)),
                random.nextInt(6) == 0 ? FieldValue.NULL : FieldValue.text(note),
                random.nextInt(3) == 0 ? FieldValue.NULL : FieldValue.of(content)));
    }

    private static String name(Random random) {
        int number = random.nextInt(400);
        return number % 40 == 0 ? "long " + "k".repeat(1_020) + number : "key " + number;
    }

    private static void edit(Map<String, List<FieldValue>> records, Random random) {
        if (random.nextInt(15) == 0) {
            records.clear();
        }
        int edits = random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(6);
        for (int i = 0; i < edits; i++) {
            if (random.nextInt(3) == 0) {
                records.remove(name(random));
            } else {
                records.put(name(random), values(random));
            }
        }
    }

    private void history(RecordSchema schema, long seed) throws IOException {
        Random random = new Random(seed);
        Map<String, List<FieldValue>> records = new TreeMap<>();
        CollectionVersion before = CollectionVersion.EMPTY;
        CollectionVersion copied = CollectionVersion.EMPTY;
        for (int step = 0; step < 8; step++) {
            edit(records, random);
            CollectionVersion now = from.version(schema, records);
            CollectionCopy copy = copyOf(schema);
            CollectionVersion next = copy.copy(before, now, copied);
            assertThat(next).as("seed %d, step %d", seed, step).isEqualTo(to.version(schema, records));
            copy.check(copied, next);
            before = now;
            copied = next;
        }
    }

    @Test
    void copyIsTheTreeThatTheRecordsHaveThere() throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            history(KEYED, seed);
        }
    }

    @Test
    void copyOfRecordsWithoutKeysIsTheTreeThatTheyHaveThere() throws IOException {
        for (int seed = 0; seed < 30; seed++) {
            history(KEYLESS, seed);
        }
    }

    @Test
    void costFollowsTheChange() throws IOException {
        Map<String, List<FieldValue>> records = new TreeMap<>();
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            records.put("key " + i, values(random));
        }
        CollectionVersion before = from.version(KEYED, records);
        CollectionCopy first = copyOf(KEYED);
        CollectionVersion copied = first.copy(CollectionVersion.EMPTY, before, CollectionVersion.EMPTY);
        assertThat(first.records()).isEqualTo(2_000);
        records.put("key 77", values(random));
        records.remove("key 1500");
        CollectionVersion now = from.version(KEYED, records);
        steps = 0;
        CollectionCopy second = copyOf(KEYED);
        second.copy(before, now, copied);
        assertThat(second.records()).isEqualTo(1);
        assertThat(steps).isLessThanOrEqualTo(4);
    }

    @Test
    void contentThatIsStoredWronglyIsFound() throws IOException {
        Map<String, List<FieldValue>> records = new TreeMap<>();
        byte[] content = new byte[3_000];
        new Random(5).nextBytes(content);
        records.put("file", List.of(FieldValue.text("n"), FieldValue.NULL, FieldValue.of(content)));
        for (RecordSchema schema : List.of(KEYED, KEYLESS)) {
            CollectionVersion now = from.version(schema, records);
            to.chunks.clear();
            to.damage = bytes -> {
                bytes[bytes.length / 2]++;
                return bytes;
            };
            CollectionCopy copy = copyOf(schema);
            CollectionVersion copied = copy.copy(CollectionVersion.EMPTY, now, CollectionVersion.EMPTY);
            assertThatThrownBy(() -> copy.check(CollectionVersion.EMPTY, copied))
                    .isInstanceOf(VerificationFailedException.class)
                    .hasMessageContaining("collection c")
                    .hasMessageContaining("not committed");
        }
    }

    @Test
    void everyWrongTreeIsFound() throws IOException {
        for (RecordSchema schema : List.of(KEYED, KEYLESS)) {
            Map<String, List<FieldValue>> records = new TreeMap<>();
            Random random = new Random(6);
            for (int i = 0; i < 100; i++) {
                records.put("key " + i, values(random));
            }
            CollectionVersion before = from.version(schema, records);
            CollectionVersion copiedBefore = to.version(schema, records);
            records.put("key 5", values(random));
            records.remove("key 6");
            CollectionVersion now = from.version(schema, records);
            CollectionCopy copy = copyOf(schema);
            CollectionVersion copied = copy.copy(before, now, copiedBefore);
            copy.check(copiedBefore, copied);
            List<CollectionVersion> wrong = new ArrayList<>();
            wrong.add(copiedBefore);
            wrong.add(CollectionVersion.EMPTY);
            for (String changed : List.of("key 5", "key 6", "key 7")) {
                Map<String, List<FieldValue>> other = new TreeMap<>(records);
                other.put(changed, List.of(FieldValue.text("something else"), FieldValue.NULL, FieldValue.NULL));
                wrong.add(to.version(schema, other));
                other.remove(changed);
                if (records.containsKey(changed)) {
                    wrong.add(to.version(schema, other));
                }
            }
            if (schema.isKeyed()) {
                wrong.add(new CollectionVersion(copied.content(), copiedBefore.fingerprints()));
            }
            for (CollectionVersion one : wrong) {
                assertThatThrownBy(() -> copy.check(copiedBefore, one)).isInstanceOf(VerificationFailedException.class);
            }
        }
    }
}
