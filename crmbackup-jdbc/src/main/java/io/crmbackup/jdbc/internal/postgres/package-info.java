/**
 * PostgreSQL 14 and newer.
 *
 * <p><b>One moment.</b> A repeatable-read transaction is a snapshot of all rows, but not of tables: whoever truncates or rewrites a table after the
 * snapshot was taken and before the table is read leaves nothing of it to be read, in silence. So {@code PostgresView} locks the
 * tables first (ACCESS SHARE, which readers and writers never notice), takes the snapshot then, and lists the tables again in it: if one is
 * new or another one, all begins anew. Everything is done in that one transaction, its settings with it ({@code Session}), so that
 * poolers that give connections out by transaction are no obstacle.
 *
 * <p>How its rows are read, changes found, its tables and whole schema described, and how it is exchanged while in service: packages below.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres;

import org.jspecify.annotations.NullMarked;
