package io.crmbackup.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InMemorySinkTest extends SinkTck {
    private final InMemorySink sink = new InMemorySink(() -> Instant.EPOCH);

    @Override
    protected Sink open() {
        return sink.client();
    }

    @Test
    void nameThatNoSinkHasToAcceptIsRefused() {
        for (String name : new String[] {"", "/a", "a/", "a//b", "A", "a.b", "a".repeat(121)}) {
            assertThatIllegalArgumentException().isThrownBy(() -> sink.put(name, SinkContent.of(new byte[1])));
            assertThatIllegalArgumentException().isThrownBy(() -> sink.get(name, 0, 1));
            assertThatIllegalArgumentException().isThrownBy(() -> sink.delete(name));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> sink.list("a", o -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> sink.get("a", -1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> sink.get("a", 0, -1));
    }

    @Test
    void countsCallsOfAllClients() throws IOException {
        sink.put("a", SinkContent.of(new byte[3]));
        sink.client().get("a", 0, 1).close();
        sink.list("", o -> assertThat(o.time()).isEqualTo(Instant.EPOCH));
        sink.delete("b");
        for (Operation.Kind kind : Operation.Kind.values()) {
            assertThat(sink.count(kind)).as("%s", kind).isEqualTo(1);
        }
        assertThat(sink.size()).isEqualTo(1);
        assertThat(sink.bytes()).isEqualTo(3);
    }

    @Test
    void copyIsIndependent() throws IOException {
        sink.put("a", SinkContent.of(new byte[3]));
        InMemorySink copy = sink.copy();
        copy.delete("a");
        copy.put("b", SinkContent.of(new byte[1]));
        assertThat(SinkScratch.read(sink, "a")).hasSize(3);
        assertThat(sink.size()).isEqualTo(1);
    }

    @Test
    void flipInvertsOneBit() throws IOException {
        sink.put("a", SinkContent.of(new byte[3]));
        sink.flip("a", 17);
        assertThat(SinkScratch.read(sink, "a")).containsExactly(0, 0, 2);
        assertThatIllegalArgumentException().isThrownBy(() -> sink.flip("a", 24));
        assertThatIllegalArgumentException().isThrownBy(() -> sink.flip("b", 0));
    }
}
