package io.crmbackup.bench;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import io.crmbackup.internal.hash.ChunkHasher;
import io.crmbackup.internal.hash.ChunkId;
import io.crmbackup.internal.hash.ChunkType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Naming one chunk: the keyed id against the plain digest that it is made of, against Guava's, and against a checksum as the bound of what any
 * hash could reach. The score is in microseconds a chunk.
 *
 * <pre>
 *   ./mvnw -q -Pbench -pl crmbackup-bench -am compile -Dbench="HashBench"
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HashBench {
    /** Length of the chunk: a leaf's smallest, and the mean of both leaves and pieces. */
    @Param({"4096", "65536"})
    public int length;

    private byte[] chunk = new byte[0];
    private final ChunkHasher hasher = new ChunkHasher(new byte[32]);
    private final MessageDigest digest;

    /** Finds the JDK's digest. */
    public HashBench() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Generates the chunk. */
    @Setup
    public void generate() {
        chunk = Content.RANDOM.bytes(length);
    }

    /** The library's chunk id. */
    @Benchmark
    public ChunkId chunkId() {
        return hasher.id(ChunkType.DATA, chunk);
    }

    /** The JDK's SHA-256, without a key. */
    @Benchmark
    public byte[] sha256() {
        return digest.digest(chunk);
    }

    /** Guava's SHA-256. */
    @Benchmark
    public HashCode guavaSha256() {
        return Hashing.sha256().hashBytes(chunk);
    }

    /** Guava's CRC-32C: no identity, only a bound. */
    @Benchmark
    public HashCode guavaCrc32c() {
        return Hashing.crc32c().hashBytes(chunk);
    }
}
