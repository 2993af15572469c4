package io.crmbackup.internal.codec;

import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a dictionary for small chunks of one kind, if it pays. Small chunks, each compressed alone, hardly shrink, as zstd has to learn each
 * time what they are like; a dictionary says so once for all. Whether it does is not guessed: the dictionary is trained on three quarters of
 * the samples and tried on the rest.
 *
 * <p>Measured with 2 MiB of samples: 10 to 34 % less for e-mail-like texts, source code and small documents. Leaves of tables, 64 KiB each,
 * gain less than a dictionary takes, so that none is trained for them.
 */
public final class DictionaryTrainer {
    private static final Logger LOG = LoggerFactory.getLogger(DictionaryTrainer.class);

    /** Fewer samples tell nothing. */
    private static final int FEWEST_SAMPLES = 32;

    private static final int SHORTEST = 4 * 1024;
    private static final int LONGEST = 64 * 1024;

    /** How many bytes of samples there are for each byte of a dictionary. */
    private static final int SAMPLES_PER_BYTE = 32;

    /** Every so many samples one is not trained on. */
    private static final int TRIED = 4;

    /** What naming the dictionary takes in each chunk. */
    private static final int REFERENCE = 32;

    private DictionaryTrainer() {}

    /**
     * Trains a dictionary.
     *
     * @return the dictionary in zstd's own format, or null unless it is expected to save at least 5 % of what the samples would take, and
     *     twice what it takes itself
     */
    public static byte @Nullable [] train(List<byte[]> samples) {
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.NONE)) {
            List<byte[]> training = new ArrayList<>();
            List<byte[]> tried = new ArrayList<>();
            long alone = 0;
            for (byte[] sample : samples) {
                EncodedBytes encoded = encoder.encode(sample, 0, sample.length);
                // What does not shrink teaches nothing.
                if (encoded.codec() == ChunkCodec.ZSTD) {
                    alone += encoded.length();
                    boolean isTried = (training.size() + tried.size()) % TRIED == TRIED - 1;
                    (isTried ? tried : training).add(sample);
                }
            }
            if (training.size() + tried.size() < FEWEST_SAMPLES) {
                return null;
            }
            byte[] dictionary = trained(training);
            return dictionary != null && pays(encoder, dictionary, tried, alone) ? dictionary : null;
        }
    }

    private static byte @Nullable [] trained(List<byte[]> samples) {
        int bytes = samples.stream().mapToInt(sample -> sample.length).sum();
        int length = Math.max(SHORTEST, Math.min(LONGEST, bytes / SAMPLES_PER_BYTE));
        ZstdDictTrainer trainer = new ZstdDictTrainer(bytes, length, ChunkEncoder.LEVEL);
        samples.forEach(trainer::addSample);
        try {
            return trainer.trainSamples();
        } catch (ZstdException e) {
            LOG.debug("zstd finds nothing to train a dictionary on in {} samples: {}", samples.size(), e.getMessage());
            return null;
        }
    }

    /** Whether a dictionary pays for samples that take {@code total} bytes in all, judged by some of them that it was not trained on. */
    private static boolean pays(ChunkEncoder encoder, byte[] dictionary, List<byte[]> tried, long total) {
        long alone = 0;
        long helped = 0;
        for (byte[] sample : tried) {
            int without = encoder.encode(sample, 0, sample.length).length();
            EncodedBytes encoded = encoder.encodeWith(dictionary, sample, 0, sample.length);
            alone += without;
            helped += encoded == null ? without : Math.min(without, encoded.length() + REFERENCE);
        }
        double share = (alone - helped) / (double) alone;
        int itself = encoder.encode(dictionary, 0, dictionary.length).length();
        LOG.debug("a dictionary of {} bytes saves {} of {} bytes", itself, alone - helped, alone);
        return share >= 0.05 && share * total >= 2.0 * itself;
    }
}
