/**
 * One row: how it fits into its table as that is now ({@code TableFit}, {@code TypeDrift}), and what happens with it. {@code RestoredRows} go through what is
 * restored in a table, each with a {@code Judge}, who makes a {@code Decision}: {@code PolicyJudge} by the table's policy, {@code UndoJudge} from three states. A
 * {@code Review} may overrule it, {@code Effects} carry it out, {@code Tally} counts.
 */
@NullMarked
package io.crmbackup.jdbc.internal.merge.row;

import org.jspecify.annotations.NullMarked;
