package io.crmbackup.jdbc.internal.postgres.load;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** A form in which COPY takes rows. Used for one COPY, by one thread. */
interface RowForm {
    /**
     * Writes a row in the bytes of {@link io.crmbackup.spi.RecordCodec}, none of whose values lies apart.
     *
     * @return whether it can be written in this form; nothing of it was written if not
     */
    boolean add(byte[] encoded) throws SQLException;

    /** Writes a row of values in the same way. */
    boolean add(List<FieldValue> values) throws IOException, SQLException;

    /** Sends what is left, when all rows are written. */
    void end() throws SQLException;
}
