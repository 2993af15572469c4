/**
 * Rows into empty tables of PostgreSQL, by COPY: in its binary format where each column's type has one that is known here, else as text; and the counters of
 * their keys.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.load;

import org.jspecify.annotations.NullMarked;
