package io.crmbackup.jdbc.internal.postgres.load;

import io.crmbackup.spi.EncodedRow;
import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** A form in which COPY takes rows. Used for one COPY, by one thread. */
interface RowForm {
    /**
     * Writes a row.
     *
     * @return whether it can be written in this form by its bytes; nothing of it was written if not. So are rows with values that lie apart, and what is no row of
     *     these columns
     */
    boolean add(EncodedRow row) throws SQLException;

    /** Writes a row of values; whether it can be written in this form. Nothing of it was written if not. */
    boolean add(List<FieldValue> values) throws IOException, SQLException;

    /** Sends what is left, when all rows are written. */
    void end() throws SQLException;
}
