/** Which tables there are, with their columns and keys, and what else a database has that is named in a backup's report. */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.catalog;

import org.jspecify.annotations.NullMarked;
