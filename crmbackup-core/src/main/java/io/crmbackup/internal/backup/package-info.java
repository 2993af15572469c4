/**
 * Backs up. {@code BackupRun} is the line, from plan to report.
 *
 * <ul>
 *   <li>{@code StrategyChoice} says against which base, {@code FormerSnapshot} what the plan's latest snapshot has.
 *   <li>{@code PlanCapture} captures the sources, windows twice around a moment; {@code SourceCapture} reads one.
 *   <li>{@code FileChecks} holds records against the files that they refer to; {@code Problems} collects what could not be read.
 *   <li>{@code RunChanges} counts what changed.
 * </ul>
 *
 * <p>How records become trees is in package {@code capture}; {@code Commit} in package {@code snapshot} ends it.
 */
@NullMarked
package io.crmbackup.internal.backup;

import org.jspecify.annotations.NullMarked;
