package io.crmbackup.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DictionaryTrainerTest {
    /** Documents that have their form and most of their words in common. */
    private static List<byte[]> similar(int count) {
        Random random = new Random(5);
        List<byte[]> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text =
                    new StringBuilder("{\"customer\": {\"number\": " + random.nextInt() + ", \"lines\": [");
            for (int j = random.nextInt(20); j >= 0; j--) {
                text.append("{\"article\": ")
                        .append(random.nextInt())
                        .append(", \"quantity\": 1, \"unit\": \"piece\"}, ");
            }
            text.append("], \"delivery\": {\"carrier\": \"by post\", \"street\": \"")
                    .append(random.nextLong())
                    .append("\"}}}");
            samples.add(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        return samples;
    }

    private static List<byte[]> filled(int count, int values) {
        Random random = new Random(6);
        List<byte[]> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] sample = new byte[1_000];
            for (int j = 0; j < sample.length; j++) {
                sample[j] = (byte) random.nextInt(values);
            }
            samples.add(sample);
        }
        return samples;
    }

    @Test
    void similarSamplesGetADictionaryThatHelps() {
        List<byte[]> all = similar(600);
        byte[] dictionary = Objects.requireNonNull(DictionaryTrainer.train(all.subList(0, 500)));
        long alone = 0;
        long helped = 0;
        try (ChunkEncoder encoder = new ChunkEncoder(ChunkEncoder.Check.DECODE_AND_COMPARE)) {
            for (byte[] sample : all.subList(500, 600)) {
                alone += encoder.encode(sample, 0, sample.length).length();
                helped += Objects.requireNonNull(encoder.encodeWith(dictionary, sample, 0, sample.length))
                        .length();
            }
        }
        assertThat(helped).isLessThan(alone * 3 / 4);
    }

    @Test
    void samplesWithNothingInCommonGetNone() {
        assertThat(DictionaryTrainer.train(filled(2_000, 16)))
                .as("shrink, but not by being alike")
                .isNull();
        assertThat(DictionaryTrainer.train(filled(2_000, 256)))
                .as("do not shrink")
                .isNull();
    }

    @Test
    void fewSamplesGetNone() {
        assertThat(DictionaryTrainer.train(List.of())).isNull();
        assertThat(DictionaryTrainer.train(similar(31))).isNull();
    }

    @Test
    void dictionaryThatTakesMoreThanItSavesIsNotUsed() {
        byte[] head = new byte[64];
        new Random(7).nextBytes(head);
        List<byte[]> samples = filled(600, 16);
        samples.forEach(sample -> System.arraycopy(head, 0, sample, 0, head.length));
        assertThat(DictionaryTrainer.train(samples.subList(0, 40))).isNull();
        assertThat(DictionaryTrainer.train(samples))
                .as("the same saved often enough")
                .isNotNull();
    }
}
