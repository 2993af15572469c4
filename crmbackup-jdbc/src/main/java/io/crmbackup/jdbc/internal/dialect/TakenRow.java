package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.spi.FieldValue;

/** The values of a row that has ended. */
record TakenRow(FieldValue[] values, long bytes) implements RowStream.LastingRow {}
