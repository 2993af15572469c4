/**
 * Finds damage, and repairs what can be repaired. {@code VerifyRun} is the line: {@code ObjectCheck} reads what a repository is opened with, {@code
 * PackCheck} what is stored, and {@code Harm} finds what damage does to snapshots. {@code RepairRun} stores anew what damaged packs held.
 */
@NullMarked
package io.crmbackup.internal.verify;

import org.jspecify.annotations.NullMarked;
