package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.SchemaStatement;

/**
 * A table whose other keys are quicker made when its rows are there, by one statement each.
 *
 * @param table makes the table with the keys that it can't be without
 * @param keys makes the others; the table is then as its whole definition says
 */
public record LateKeys(SchemaStatement table, SchemaStatement keys) {}
