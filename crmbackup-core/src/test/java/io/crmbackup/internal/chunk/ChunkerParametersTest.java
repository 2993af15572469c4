package io.crmbackup.internal.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.internal.codec.ChunkCodec;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChunkerParametersTest {
    private static final byte[] KEY = Cuts.key(1);

    @Test
    void defaultsAreTwiceThirtyTwoKibibytes() {
        ChunkerParameters parameters = ChunkerParameters.of(KEY);
        assertThat(parameters.radius()).isEqualTo(32_768);
        assertThat(parameters.max()).isEqualTo(524_288);
    }

    @Test
    void sizesOutOfRangeAreRefusedWithTheRange() {
        assertThatThrownBy(() -> ChunkerParameters.of(KEY, 63, 4096))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the chunker radius is 63 bytes; it must be 64 to 2097152");
        assertThatThrownBy(() -> ChunkerParameters.of(KEY, (2 << 20) + 1, 16 << 20))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChunkerParameters.of(KEY, 64, 255))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the longest piece is 255 bytes; with a radius of 64 it must be 256 to 8388608");
        assertThatThrownBy(() -> ChunkerParameters.of(KEY, 64, ChunkCodec.MAX_PLAIN_LENGTH + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ChunkerParameters.of(KEY, 64, 256).max()).isEqualTo(256);
        assertThat(ChunkerParameters.of(KEY, 2 << 20, ChunkCodec.MAX_PLAIN_LENGTH)
                        .radius())
                .isEqualTo(2 << 20);
    }

    @Test
    void aKeyHas32To64Bytes() {
        assertThatThrownBy(() -> ChunkerParameters.of(new byte[31]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the chunker key has 31 bytes; it needs 32 to 64");
        assertThatThrownBy(() -> ChunkerParameters.of(new byte[65])).isInstanceOf(IllegalArgumentException.class);
        assertThat(ChunkerParameters.of(Arrays.copyOf(KEY, 64))).isNotNull();
    }

    @Test
    void anotherKeyCutsElsewhere() {
        byte[] content = Corpus.RANDOM.bytes(4 << 20, 1);
        assertThat(Cuts.of(new Chunker(ChunkerParameters.of(Cuts.key(1))), content))
                .doesNotContainAnyElementsOf(Cuts.of(new Chunker(ChunkerParameters.of(Cuts.key(2))), content)
                        .subList(0, 20));
    }

    @Test
    void theTextTellsSizesAndNoSecret() {
        assertThat(ChunkerParameters.of(KEY)).hasToString("ChunkerParameters[radius=32768, max=524288]");
    }
}
