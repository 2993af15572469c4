/**
 * A backup of one product made into what a restore takes for one of another.
 *
 * <p>Each column goes through a {@code NeutralType}: a {@code Vocabulary}, one for each product that can be a target, chooses the type in which least is
 * lost, {@code Reading} makes a value's neutral form of the source's rendering, and {@code Writing} the target's of that. Where a value has no
 * equal, that is found out before the restore begins: {@code Translation.check} reads everything once. Where types don't tell what columns hold
 * ({@code Survey}), their values decide.
 *
 * <p>Of the source's statements only what can be read with certainty is carried over ({@code SourceTable}): counting columns, literal defaults, unique
 * keys, plain indexes. The rest is named. No text of the backup gets into a statement but as a quoted name or literal.
 *
 * <p>Begin with {@code Translation}.
 */
@NullMarked
package io.crmbackup.jdbc.internal.translate;

import org.jspecify.annotations.NullMarked;
