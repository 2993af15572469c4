package io.crmbackup.bench;

import io.crmbackup.internal.store.ChunkWriter;
import io.crmbackup.internal.tree.RecordTree;
import io.crmbackup.internal.tree.TreeBuilder;
import io.crmbackup.internal.tree.TreeCursor;
import io.crmbackup.internal.tree.TreeDiff;
import io.crmbackup.internal.tree.TreeEdit;
import io.crmbackup.internal.tree.TreeEditor;
import io.crmbackup.internal.tree.TreeParameters;
import io.crmbackup.internal.tree.TreeRoot;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.store.fs.FileUtils;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A record tree of 200,000 rows of 250 bytes: loading it, replacing rows all over it, and finding those. The rival is H2's MVStore, which also writes pages that are
 * never changed in place, on a file in memory; it checks pages by a checksum where the tree names them by a keyed hash. It has no
 * comparison of versions, so the rival there is what everybody without hashes in the tree has to do: read both. The score is in milliseconds.
 *
 * <pre>
 *   ./mvnw -q -Pbench -pl crmbackup-bench -am compile -Dbench="TreeBench"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgs = "-Xmx1g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class TreeBench {
    private static final int ROWS = 200_000;
    private static final String LOADING = "memFS:loading";
    private static final String LOADED = "memFS:loaded";

    /** How many rows are replaced: a few of the leaves change, or nearly all. */
    @Param({"20", "1000"})
    public int changed;

    private final TreeParameters parameters = TreeParameters.of(1, 2);
    private final HeapChunks chunks = new HeapChunks();
    private final byte[][] keys = new byte[ROWS][];
    private final byte[][] rows = new byte[ROWS][];
    private final byte[][] newRows = new byte[ROWS][];
    private int[] changedRows = new int[0];
    private TreeRoot before = TreeRoot.EMPTY;
    private TreeRoot after = TreeRoot.EMPTY;
    private final MVStore store = open(LOADED);

    /** Generates the rows, and loads the tree and the rival's. */
    @Setup
    public void load() {
        for (int id = 0; id < ROWS; id++) {
            keys[id] = Rows.key(id);
            rows[id] = Rows.row(id, 0);
            newRows[id] = rows[id];
        }
        changedRows = Rows.some(ROWS, changed);
        for (int id : changedRows) {
            newRows[id] = Rows.row(id, 1);
        }
        before = build(chunks);
        after = new TreeEditor(parameters, chunks, chunks).apply(before, edits());
        putAll(store);
    }

    /** Drops the rival's pages. */
    @TearDown(Level.Trial)
    public void close() {
        store.closeImmediately();
        FileUtils.delete(LOADED);
    }

    /** Loads the tree from sorted rows. */
    @Benchmark
    public TreeRoot build() {
        return build(chunks::name);
    }

    /** Loads the rival from sorted rows. */
    @Benchmark
    public long buildMvStore() {
        MVStore loading = open(LOADING);
        long version = putAll(loading);
        loading.closeImmediately();
        FileUtils.delete(LOADING);
        return version;
    }

    /** Replaces rows of the tree, as an incremental backup does. */
    @Benchmark
    public TreeRoot apply() {
        return new TreeEditor(parameters, chunks, chunks::name).apply(before, edits());
    }

    /** Replaces the same rows of the rival. */
    @Benchmark
    public long applyMvStore() {
        MVMap<Long, byte[]> map = map(store);
        for (int id : changedRows) {
            map.put((long) id, newRows[id]);
        }
        return store.commit();
    }

    /** Finds the rows that differ between two trees. */
    @Benchmark
    public int diff() {
        TreeDiff diff = new TreeDiff(parameters, chunks, before, after);
        int different = 0;
        while (diff.next()) {
            different++;
        }
        return different;
    }

    /** Finds them by reading all rows of both. */
    @Benchmark
    public int diffByReadingAll() {
        RecordTree tree = new RecordTree(parameters, chunks);
        TreeCursor olds = tree.scan(before);
        TreeCursor news = tree.scan(after);
        int different = 0;
        while (olds.next() && news.next()) {
            if (!Arrays.equals(olds.value(), news.value())) {
                different++;
            }
        }
        return different;
    }

    private TreeRoot build(ChunkWriter writer) {
        TreeBuilder builder = new TreeBuilder(parameters, writer);
        for (int id = 0; id < ROWS; id++) {
            builder.add(keys[id], rows[id]);
        }
        return builder.finish();
    }

    private Iterator<TreeEdit> edits() {
        return IntStream.of(changedRows)
                .mapToObj(id -> TreeEdit.put(keys[id], newRows[id]))
                .iterator();
    }

    private long putAll(MVStore to) {
        MVMap<Long, byte[]> map = map(to);
        for (int id = 0; id < ROWS; id++) {
            map.append((long) id, rows[id]);
        }
        return to.commit();
    }

    private static MVStore open(String file) {
        MVStore store = new MVStore.Builder()
                .fileName(file)
                .autoCommitDisabled()
                .cacheSize(128)
                .open();
        store.setRetentionTime(0);
        return store;
    }

    private static MVMap<Long, byte[]> map(MVStore store) {
        return store.openMap(
                "rows",
                new MVMap.Builder<Long, byte[]>().keyType(LongDataType.INSTANCE).valueType(ByteArrayDataType.INSTANCE));
    }
}
