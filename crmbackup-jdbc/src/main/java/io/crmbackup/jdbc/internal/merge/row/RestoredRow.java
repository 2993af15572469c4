package io.crmbackup.jdbc.internal.merge.row;

import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the backup, its values those of the table's columns.
 *
 * @param place its place among the collection's rows
 * @param key its key in the table
 * @param keyValues the values of the key's columns
 * @param values what the row is restored to; null if it was not there
 * @param undone what the row was after the change that is undone; null if it was gone
 * @param comesAlong whether it is only there for others that refer to it: if the table has it, it stays as it is
 * @param purpose what is done with it
 */
public record RestoredRow(
        long place,
        RecordKey key,
        List<FieldValue> keyValues,
        @Nullable List<FieldValue> values,
        @Nullable List<FieldValue> undone,
        boolean comesAlong,
        Purpose purpose) {
    /** What is done with rows. */
    public enum Purpose {
        /** They are put back as they were. */
        RESTORE,
        /** A change of them is taken back. */
        UNDO
    }

    /** The same without its values, which can't be read any more when the cursor has moved on. */
    public RestoredRow keyOnly() {
        return new RestoredRow(place, key, keyValues, null, null, comesAlong, purpose);
    }

    public boolean undoes() {
        return purpose == Purpose.UNDO;
    }

    /** The values that the row is restored to. */
    public List<FieldValue> wanted() {
        if (values == null) {
            throw new IllegalStateException("the row was not there");
        }
        return values;
    }

    /** Whether values have to be read before the cursor moves on. */
    public boolean hasContents() {
        return values != null && values.stream().anyMatch(FieldValue::isContent)
                || undone != null && undone.stream().anyMatch(FieldValue::isContent);
    }

    public long bytes() {
        long bytes = 0;
        for (FieldValue value : values == null ? List.<FieldValue>of() : values) {
            bytes += Math.max(0, value.length());
        }
        return bytes;
    }
}
