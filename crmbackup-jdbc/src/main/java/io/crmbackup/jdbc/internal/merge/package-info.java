/**
 * Restores rows into tables that are in service.
 *
 * <p>{@code MergeRestore} is the session: it looks at the tables ({@code TableFit}, {@code TypeDrift}), puts them in an order ({@code MergeOrder}),
 * and then does the same pass twice, a {@code MergeRun}: as a preview without {@code Effects}, and as the run with {@code RowWrites}. Where to look for what:
 * <ul>
 *   <li><b>One row.</b> {@code TableMerge} takes {@code RestoredRows} in batches, looks up what the database has of them ({@code RowLookup}), and lets a
 *       {@code Judge} make a {@code Decision}: {@code PolicyJudge} by the table's policy, {@code UndoJudge} from three states.
 *   <li><b>What stands against it.</b> A {@code Review} may overrule the judge: values too long ({@code NarrowReview}), columns without value
 *       ({@code RequiredReview}), unique values that others have ({@code UniqueReview}, {@code Vacated}), parents that are gone ({@code ReferenceReview}).
 *   <li><b>New keys.</b> {@code KeyRenewal} finds them before, {@code NewKeys} puts them into the rows and what refers to these.
 *   <li><b>Deletions.</b> {@code Surplus} finds rows to mirror away and {@code UndoneInserts} those that a change had added. {@code Links} are all references,
 *       of the database and of the application; {@code Referrers} follows them, {@code Holders} says who may not go, {@code Cascades} who goes along.
 *   <li><b>Memory.</b> Keys are held in {@code KeySets} only, as digests, in memory or beyond it in files; rows are read again instead.
 *   <li><b>Proof.</b> {@code Tally} counts, {@code Agreement} compares the run with its preview, {@code Switches} proves that all is on again.
 * </ul>
 */
@NullMarked
package io.crmbackup.jdbc.internal.merge;

import org.jspecify.annotations.NullMarked;
