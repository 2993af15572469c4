package io.crmbackup.jdbc.internal.postgres.rows;

import io.crmbackup.jdbc.internal.postgres.binary.SentForm;
import io.crmbackup.spi.FieldValue;
import io.crmbackup.spi.RecordCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A form in which COPY gives rows. Used for one COPY: by a thread that takes rows, and one, the same or another, that takes their values. */
interface CopyForm {
    /** The form of rows of some columns: binary, which takes the server less time, if that of each type is known. */
    static CopyForm of(List<Column> columns) {
        List<SentForm> forms = new ArrayList<>();
        for (Column column : columns) {
            Optional<SentForm> form = column.base().binary();
            if (form.isEmpty()) {
                return new CopyText(columns);
            }
            forms.add(form.get());
        }
        return new CopyBinary(columns, forms);
    }

    /** What COPY is told of it, after where it writes to. */
    String options();

    /** The row in what COPY sent at a time; null if there is none. */
    byte @Nullable [] row(byte[] message) throws IOException;

    /** The values of a row, whose bytes are used up by it. */
    FieldValue[] values(byte[] row) throws IOException;

    /** A value of a row, whose bytes stay as they are. */
    FieldValue value(byte[] row, int index) throws IOException;

    /**
     * The values of a row as {@link RecordCodec} encodes them; its bytes stay as they are. Null if one is so long that it lies apart, if
     * the row is very long, or if something is not right, which {@link #values} then tells.
     */
    byte @Nullable [] encode(byte[] row) throws IOException;
}
