/**
 * Restores, and proves it. {@code RestoreRun} is the line: {@code RestoreSelection} resolves what is asked for, with {@code SelectionResolver} for what
 * is named and {@code RecordLinks} for what belongs to it; targets preview and write what {@code SelectedRecords} reads; {@code ReadBack} captures the
 * target as if for a backup, without storing, and compares, or {@code PortableReadBack} where the target keeps records in other terms.
 */
@NullMarked
package io.crmbackup.internal.restore;

import org.jspecify.annotations.NullMarked;
