package io.crmbackup.export;

import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordSchema;
import io.crmbackup.spi.RestoredCollection;
import io.crmbackup.spi.TargetPreview;
import io.crmbackup.spi.TargetSession;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** One export. */
final class ExportSession implements TargetSession {
    private static final int BUFFER = 1 << 16;

    private final Output output;
    private final RecordFormat format;
    private final List<RestoredCollection> collections;

    ExportSession(Output output, RecordFormat format, List<RestoredCollection> collections) {
        this.output = output;
        this.format = format;
        this.collections = List.copyOf(collections);
    }

    @Override
    public TargetPreview preview() throws IOException {
        List<String> blockers = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (RestoredCollection collection : collections) {
            names.add(collection.name());
            if (collection.schema().keyForm() == RecordSchema.KeyForm.PATH) {
                blockers.add(collection.name() + " is no table: restore files into a directory");
            }
        }
        blockers.addAll(output.blockers(names, format));
        List<String> notes = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        format.frame().ifPresent(frame -> {
            blockers.addAll(frame.blockers());
            notes.addAll(frame.notes());
            steps.addAll(frame.steps());
        });
        return new TargetPreview(blockers, notes, steps);
    }

    @Override
    public void begin() throws IOException {
        List<String> blockers = preview().blockers();
        if (!blockers.isEmpty()) {
            throw new IOException(String.join("; ", blockers));
        }
        if (format.frame().isPresent()) {
            try (OutputStream out = new BufferedOutputStream(output.openFirst(format), BUFFER)) {
                format.frame().get().begin(out);
            }
        }
    }

    @Override
    public WriteResult write(RestoredCollection collection) throws IOException {
        long records = 0;
        try (OutputStream place = output.open(collection.name(), format);
                OutputStream out = new BufferedOutputStream(place, BUFFER);
                RecordCursor cursor = collection.open()) {
            format.begin(out, collection.name(), collection.schema());
            while (cursor.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while exporting");
                }
                format.write(out, collection.name(), collection.schema(), cursor.values());
                records++;
            }
        }
        return new WriteResult(records, 0);
    }

    @Override
    public void finish() throws IOException {
        if (format.frame().isPresent()) {
            try (OutputStream out = new BufferedOutputStream(output.openLast(format), BUFFER)) {
                format.frame().get().end(out);
            }
        }
        output.finish();
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
