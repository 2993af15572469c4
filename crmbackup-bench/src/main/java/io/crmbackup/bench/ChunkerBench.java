package io.crmbackup.bench;

import io.crmbackup.internal.chunk.Chunker;
import io.crmbackup.internal.chunk.ChunkerParameters;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Cutting 64 MiB into pieces, without hashing them; pieces of 64 KiB on average. The score is in MB/s. The chunker is given 256 KiB at a time and copies them into its window; the
 * rival sees the whole array at once.
 *
 * <pre>
 *   ./mvnw -q -Pbench -pl crmbackup-bench -am compile -Dbench="ChunkerBench -p content=RANDOM,SQL,SPARSE,PERIODIC"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(ChunkerBench.LENGTH)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkerBench {
    static final int LENGTH = 64 << 20;
    private static final int BLOCK = 256 << 10;

    /** What is cut. */
    @Param({"RANDOM", "SQL"})
    public Content content = Content.RANDOM;

    private byte[] bytes = new byte[0];
    private final FastCdc rival = new FastCdc();
    private final Chunker chunker = new Chunker(ChunkerParameters.of(key()));

    /** Generates the content. */
    @Setup
    public void generate() {
        bytes = content.bytes(LENGTH);
    }

    /** The library's chunker. */
    @Benchmark
    public void localMinima(Blackhole hole) {
        chunker.begin((buffer, offset, length) -> hole.consume(length));
        for (int at = 0; at < bytes.length; at += BLOCK) {
            chunker.update(bytes, at, BLOCK);
        }
        chunker.finish();
    }

    /** The rival. */
    @Benchmark
    public void fastCdc(Blackhole hole) {
        rival.chunk(bytes, (buffer, offset, length) -> hole.consume(length));
    }

    private static byte[] key() {
        byte[] key = new byte[32];
        new SplittableRandom(1).nextBytes(key);
        return key;
    }
}
