/** Restores whole tables into a database that has none: definitions, rows, and what is quicker or only possible when rows are there. */
@NullMarked
package io.crmbackup.jdbc.internal.load;

import org.jspecify.annotations.NullMarked;
