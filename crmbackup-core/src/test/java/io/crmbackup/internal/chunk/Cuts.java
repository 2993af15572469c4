package io.crmbackup.internal.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Ways to find the cuts of a content, given as the ends of its pieces. */
final class Cuts {
    private Cuts() {}

    static byte[] key(long seed) {
        byte[] key = new byte[32];
        new SplittableRandom(seed).nextBytes(key);
        return key;
    }

    static List<Long> of(Chunker chunker, byte[] content) {
        List<Long> cuts = new ArrayList<>();
        chunker.begin(into(cuts));
        chunker.update(content, 0, content.length);
        chunker.finish();
        return cuts;
    }

    static PieceConsumer into(List<Long> cuts) {
        return (buffer, offset, length) -> cuts.add((cuts.isEmpty() ? 0 : cuts.get(cuts.size() - 1)) + length);
    }
}
