package io.crmbackup.internal.portable;

import io.crmbackup.spi.FieldValue;
import java.io.IOException;

/** How the values of a field get their portable form. Stateless. */
interface FieldForm {
    /** Adds a value that is there to the hash of its record; false if it went as the system renders it, having no portable form. */
    boolean write(FieldValue value, RecordHash out) throws IOException;
}
