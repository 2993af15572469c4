package io.crmbackup.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A stream that the caller closes. */
final class StreamOutput implements Output {
    private final OutputStream stream;
    private boolean begun;

    StreamOutput(OutputStream stream) {
        this.stream = stream;
    }

    @Override
    public List<String> blockers(List<String> collections, RecordFormat format) {
        return collections.size() == 1 || format.takesSeveral()
                ? List.of()
                : List.of("one stream of " + format.extension() + " takes one table, not " + collections);
    }

    @Override
    public OutputStream open(String collection, RecordFormat format) throws IOException {
        return open(format);
    }

    @Override
    public OutputStream openFirst(RecordFormat format) throws IOException {
        return open(format);
    }

    @Override
    public OutputStream openLast(RecordFormat format) throws IOException {
        return open(format);
    }

    private OutputStream open(RecordFormat format) throws IOException {
        if (!begun) {
            begun = true;
            format.beginFile(stream);
        }
        return new FilterOutputStream(stream) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                out.flush();
            }
        };
    }

    @Override
    public void finish() throws IOException {
        stream.flush();
    }

    @Override
    public void close() {}
}
