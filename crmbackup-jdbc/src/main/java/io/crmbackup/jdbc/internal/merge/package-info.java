/**
 * Restores rows into tables that are in service.
 *
 * <p>{@code MergeRestore} is the session. It looks at the tables ({@code TableFit}), puts them in an order ({@code MergeOrder}), and then does the
 * same pass twice, a {@code MergeRun}: first as a preview without {@code Effects}, then as the run with {@code RowWrites}. Where to look for what:
 * <ul>
 *   <li><b>One row.</b> {@code TableMerge} takes rows in batches, looks up what the database has of them (package {@code live}), and has each decided
 *       on. Package {@code row} decides, and also has {@code TableFit}, {@code NarrowReview}, {@code Vacated}, {@code NewKeys} and {@code Tally}.
 *   <li><b>What stands against it.</b> Values too long ({@code NarrowReview}), characters that can't be stored ({@code CharacterReview}), columns
 *       without value ({@code RequiredReview}), unique values that others have ({@code UniqueReview}, {@code Vacated}), parents that are gone ({@code ReferenceReview}).
 *   <li><b>New keys.</b> {@code KeyRenewal} finds them before, {@code NewKeys} puts them into the rows and what refers to these.
 *   <li><b>Deletions.</b> {@code Surplus} finds rows to mirror away and {@code UndoneInserts} those that a change had added; which of them may go: package
 *       {@code reference}, and {@code Remaining}, which foresees what rows refer to at the end.
 *   <li><b>Memory.</b> Keys are held as sets of package {@code keys} only; rows are read again instead.
 *   <li><b>Proof.</b> {@code Tally} counts, {@code Agreement} compares the run with its preview, {@code Switches} of package {@code live} proves that
 *       what was off is on again.
 * </ul>
 */
@NullMarked
package io.crmbackup.jdbc.internal.merge;

import org.jspecify.annotations.NullMarked;
