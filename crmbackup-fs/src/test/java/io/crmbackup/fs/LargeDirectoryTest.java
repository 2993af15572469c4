package io.crmbackup.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One directory with very many files, captured and restored in a small heap. {@code -Dcrmbackup.files=2000000} makes it a campaign: it takes as
 * many inodes twice.
 */
class LargeDirectoryTest {
    private static final int FEW = 4_000;

    @TempDir
    Path place;

    @Test
    void directoryOfManyFilesPassesInASmallHeap() throws IOException, InterruptedException {
        int files = Integer.getInteger("crmbackup.files", FEW);
        Path out = place.resolve("out");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx48m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Passage.class.getName(),
                        place.toString(),
                        String.valueOf(files))
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(1, TimeUnit.HOURS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(out);
        assertThat(process.exitValue()).as(said).isZero();
        assertThat(said).contains("captured " + files + ", restored " + files + ", found " + files);
        if (files > FEW) {
            System.out.println(said);
        }
    }

    /** What the process does: the numbers of files that it has met in the end are those that it has made. */
    static final class Passage {
        private final Path tree;
        private final Path restored;
        private final Path work;

        private Passage(Path place) {
            tree = place.resolve("tree");
            restored = place.resolve("restored");
            work = place.resolve("work");
        }

        public static void main(String[] args) throws IOException {
            Passage passage = new Passage(Path.of(args[0]));
            int files = Integer.parseInt(args[1]);
            long begin = System.nanoTime();
            passage.create(files);
            long created = System.nanoTime();
            int most = Math.min(DirectoryWalk.MOST_NAMES, files / 10);
            long captured = walk(passage.tree, passage.work, most);
            long walked = System.nanoTime();
            long written = passage.restore(files);
            long end = System.nanoTime();
            long found = walk(passage.restored, passage.work, most);
            System.out.printf(
                    "captured %d, restored %d, found %d%ncreated in %d s, captured in %d s, restored in %d s%n",
                    captured,
                    written,
                    found,
                    TimeUnit.NANOSECONDS.toSeconds(created - begin),
                    TimeUnit.NANOSECONDS.toSeconds(walked - created),
                    TimeUnit.NANOSECONDS.toSeconds(end - walked));
        }

        private void create(int files) throws IOException {
            Files.createDirectory(tree);
            Files.createDirectory(work);
            for (int i = 0; i < files; i++) {
                Files.createFile(tree.resolve(name(i)));
            }
        }

        /** Names in no order of their own. */
        private static String name(int i) {
            return "customer attachment " + Integer.toHexString(Integer.reverse(i)) + ".pdf";
        }

        private static long walk(Path tree, Path work, int mostNames) throws IOException {
            Trees.Context context = new Trees.Context(work);
            long count = 0;
            byte[] last = new byte[0];
            try (DirectoryWalk walk = DirectoryWalk.in(tree, List.of(), List.of(), context, mostNames)) {
                for (DirectoryWalk.Entry entry = walk.next(); entry != null; entry = walk.next()) {
                    byte[] key = entry.key().bytes();
                    if (java.util.Arrays.compareUnsigned(last, key) >= 0) {
                        throw new AssertionError("not in order: " + entry.path());
                    }
                    last = key;
                    count++;
                }
            }
            if (!context.problems.isEmpty()) {
                throw new AssertionError(context.problems.get(0).toString());
            }
            return count;
        }

        private long restore(int files) throws IOException {
            DirectoryTarget target = DirectoryTarget.at(restored).with(NameRules.of(restored), Durability.NONE);
            RestoredCollection collection = many(files);
            try (TargetSession session = target.open(Map.of(), List.of(collection))) {
                if (!session.preview().blockers().isEmpty()) {
                    throw new AssertionError(session.preview().blockers().toString());
                }
                session.begin();
                long written = session.write(collection).written();
                session.finish();
                return written;
            }
        }

        private static RestoredCollection many(int files) {
            return new RestoredCollection() {
                @Override
                public String name() {
                    return FileTree.COLLECTION;
                }

                @Override
                public RecordSchema schema() {
                    return FileTree.SCHEMA;
                }

                @Override
                public Extent extent() {
                    return Extent.WHOLE;
                }

                @Override
                public long records() {
                    return files;
                }

                @Override
                public RecordCursor open() {
                    return cursor(files);
                }
            };
        }

        private static RecordCursor cursor(int files) {
            List<io.crmbackup.spi.FieldValue> values =
                    List.copyOf(Trees.file("x", "").values().values());
            return new RecordCursor() {
                private int at = -1;

                @Override
                public boolean next() {
                    return ++at < files;
                }

                @Override
                public RecordKey key() {
                    return RecordKey.of("%08d".formatted(at).getBytes(StandardCharsets.US_ASCII));
                }

                @Override
                public List<io.crmbackup.spi.FieldValue> values() {
                    return values;
                }

                @Override
                public void close() {
                    // Nothing is held.
                }
            };
        }
    }
}
