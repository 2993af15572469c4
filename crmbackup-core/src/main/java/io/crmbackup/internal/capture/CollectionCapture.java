package io.crmbackup.internal.capture;

import io.crmbackup.error.SourceException;
import io.crmbackup.internal.operation.Interruption;
import io.crmbackup.internal.operation.Progress;
import io.crmbackup.internal.operation.ReadMeter;
import io.crmbackup.internal.record.ApartValues;
import io.crmbackup.internal.record.RecordEncoder;
import io.crmbackup.internal.record.RecordText;
import io.crmbackup.internal.record.RowHasher;
import io.crmbackup.internal.record.TreeKeys;
import io.crmbackup.spi.CapturedCollection;
import io.crmbackup.spi.Problem;
import io.crmbackup.spi.RecordCursor;
import io.crmbackup.spi.RecordKey;
import io.crmbackup.spi.Source;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one collection into a feed. A record with the fingerprint that it had in the base is taken from there, unread. One
 * that changes while it is read is read again, {@value #ATTEMPTS} times in all, and then kept as it was read last and reported. Its
 * fingerprint, which tells of the state before, is not kept. Not thread-safe.
 */
public final class CollectionCapture {
    private static final int ATTEMPTS = 3;
    private static final byte[] NO_FINGERPRINT = new byte[0];

    private final CapturedCollection collection;
    private final Source.Consistency consistency;
    private final @Nullable BaseRecords base;
    private final FormerCollection former;
    private final RecordEncoder encoder;
    private final RowHasher rowHasher;
    private final ReadMeter meter;
    private final Consumer<Problem> problems;
    private long plainBytes;

    public CollectionCapture(
            CapturedCollection collection,
            Source.Consistency consistency,
            @Nullable BaseRecords base,
            FormerCollection former,
            RunContext context,
            ReadMeter meter,
            Consumer<Problem> problems) {
        this.collection = collection;
        this.consistency = consistency;
        this.base = base;
        this.former = former;
        this.encoder = context.encoder(collection.schema(), former);
        this.rowHasher = new RowHasher(context.rowKey());
        this.meter = meter;
        this.problems = problems;
    }

    /** The plain bytes of the records that were read, not of those taken from the base. */
    public long plainBytes() {
        return plainBytes;
    }

    /** Reads all records into a feed, and finishes it. */
    public void readInto(RecordFeed feed, RecordCursor cursor, Progress progress) throws IOException {
        read(cursor, feed, progress);
        feed.finish();
    }

    /** Reads the records that a cursor gives, all or some. */
    public void read(RecordCursor cursor, RecordIntake intake, Progress progress) throws IOException {
        boolean keyed = collection.schema().isKeyed();
        while (cursor.next()) {
            Interruption.check();
            progress.record();
            if (keyed) {
                readKeyed(intake, cursor);
            } else {
                Row row = read(cursor, () -> ApartValues.NONE, () -> "a row");
                if (row != null) {
                    plainBytes += encoder.plainBytes(row.bytes);
                    intake.addKeyless(rowHasher.hash(row.bytes), encoder.value(row.bytes));
                }
            }
        }
    }

    private void readKeyed(RecordIntake intake, RecordCursor cursor) throws IOException {
        RecordKey key = cursor.key();
        byte[] place = TreeKeys.place(key);
        byte[] fingerprint = cursor.fingerprint();
        byte[] unchanged = base == null ? null : base.unchanged(place, fingerprint);
        if (unchanged != null) {
            intake.add(key, place, unchanged, fingerprint);
            return;
        }
        Supplier<ApartValues> before = former.record(place);
        Row row = read(cursor, before, () -> RecordText.key(collection.schema(), key));
        if (row != null) {
            plainBytes += encoder.plainBytes(row.bytes);
            intake.add(key, place, encoder.value(key, row.bytes, before), row.settled ? fingerprint : NO_FINGERPRINT);
        }
    }

    /** What was read, and whether at the first attempt: only then the fingerprint tells of this state. */
    private record Row(byte[] bytes, boolean settled) {}

    /** The record's row, or null if there is none to be had: it is gone, or was reported as unreadable. */
    private @Nullable Row read(RecordCursor cursor, Supplier<ApartValues> before, Supplier<String> item)
            throws IOException {
        byte[] row = NO_FINGERPRINT;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                row = row(cursor, before);
                if (cursor.isStable()) {
                    return new Row(row, attempt == 1);
                }
            } catch (IllegalArgumentException e) {
                throw failure(item, e);
            } catch (IOException e) {
                Interruption.check(e);
                if (consistency == Source.Consistency.MOMENT) {
                    throw failure(item, e);
                }
                if (!(e instanceof NoSuchFileException)) {
                    report(Problem.Kind.UNREADABLE, item, String.valueOf(e.getMessage()));
                }
                return null;
            }
        }
        report(
                Problem.Kind.UNSTABLE,
                item,
                "it changed each of the " + ATTEMPTS + " times that it was read; what was read last is kept");
        return new Row(row, false);
    }

    private byte[] row(RecordCursor cursor, Supplier<ApartValues> before) throws IOException {
        byte[] given = cursor.encodedRow();
        if (given == null) {
            return encoder.row(meter.metered(cursor.values()), before);
        }
        meter.count(encoder.take(given));
        return given;
    }

    private SourceException failure(Supplier<String> item, Exception e) {
        return new SourceException("collection " + collection.name() + ", " + item.get() + ": " + e.getMessage(), e);
    }

    private void report(Problem.Kind kind, Supplier<String> item, String message) {
        problems.accept(new Problem(kind, collection.name(), item.get(), message));
    }
}
