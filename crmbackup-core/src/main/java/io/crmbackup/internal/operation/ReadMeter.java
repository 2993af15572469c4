package io.crmbackup.internal.operation;

import io.crmbackup.Limits;
import io.crmbackup.spi.FieldContent;
import io.crmbackup.spi.FieldValue;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what is read from sources and keeps it below the plan's rate. Not thread-safe. */
public final class ReadMeter {
    private final @Nullable Pace pace;
    private final Progress progress;
    private long bytesRead;

    public ReadMeter(Limits limits, Progress progress) {
        this.pace = limits.read().map(Pace::of).orElse(null);
        this.progress = progress;
    }

    public long bytesRead() {
        return bytesRead;
    }

    /** Counts the values that are in memory and wraps those that are read later. */
    public List<FieldValue> metered(List<FieldValue> values) {
        long inMemory = 0;
        List<FieldValue> wrapped = null;
        for (int i = 0; i < values.size(); i++) {
            FieldValue value = values.get(i);
            if (value.isContent()) {
                if (wrapped == null) {
                    wrapped = new ArrayList<>(values);
                }
                FieldContent content = () -> new Counted(value.open());
                wrapped.set(i, FieldValue.content(content, value.length()));
            } else {
                inMemory += value.length();
            }
        }
        count(inMemory);
        return wrapped == null ? values : wrapped;
    }

    /** Counts bytes that were read. */
    public void count(long bytes) {
        bytesRead += bytes;
        progress.bytes(bytes);
        if (pace != null) {
            pace.take(bytes);
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                count(1);
            }
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            Interruption.check();
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                count(n);
            }
            return n;
        }
    }
}
