/**
 * Tables of a snapshot, or what is selected of them, as CSV, JSON lines or SQL.
 *
 * <p>Begin with {@link io.crmbackup.export.ExportTarget}: a target of a restore. A {@code RecordFormat} writes records, an {@code Output} is where their
 * bytes go: files that get their names only when all of them are whole, or one stream.
 */
@NullMarked
package io.crmbackup.export;

import org.jspecify.annotations.NullMarked;
