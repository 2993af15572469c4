package io.crmbackup.tck;

import io.crmbackup.spi.Sink;
import java.io.IOException;

class SimulatedSinkTckTest extends SinkTck {
    private SimulatedSink sink = SimulatedSink.inMemory(Faults.none());

    @Override
    protected Sink open() {
        return sink.client();
    }

    @Override
    protected void crash() throws IOException {
        sink = sink.crash();
    }
}
