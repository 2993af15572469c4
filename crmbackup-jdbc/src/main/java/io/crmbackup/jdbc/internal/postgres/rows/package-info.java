/**
 * Rows of PostgreSQL's tables, as COPY gives them, in binary or as text, taken apart where they were received; large values in pieces, large tables in parts. Other drivers than
 * PostgreSQL's own have no COPY: there a SELECT asks for the same texts.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.rows;

import org.jspecify.annotations.NullMarked;
