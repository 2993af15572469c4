package io.crmbackup.internal.copy;

import io.crmbackup.spi.FieldValue;
import java.util.List;

/** Goes along with a copy: is told of each record, which is the time to end it, and counts and slows down what is read. */
interface CopyCourse {
    /** Another record is handled. */
    void record();

    /** The values of a record, to be read instead of these. */
    List<FieldValue> metered(List<FieldValue> values);
}
