/**
 * What was written since a former snapshot. Each version of a row carries the number of the transaction that wrote it ({@code WrittenRows}). That tells it
 * as long as numbers are given out once only ({@code Position} says when that is not certain) and the text of a row depends on nothing else than
 * the row, or on what is known to be as it was ({@code Lineage}, {@code TypeVersions}). {@code Changes} reads all as soon as one of the two is in doubt.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.changes;

import org.jspecify.annotations.NullMarked;
