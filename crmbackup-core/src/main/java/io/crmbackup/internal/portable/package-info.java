/**
 * Digests of collections that are equal across database systems.
 *
 * <p>A root identifies values as one system renders them; another renders the same data otherwise: {@code t}, {@code true} or {@code 1}, {@code 1.50}
 * or {@code 1.5}. Here each value is projected to one form that all systems share ({@code FieldForm}, chosen by {@code FieldForms}), each record is
 * the SHA-256 of its fields' forms ({@code RecordHash}), and a collection is the sum of its records ({@code RecordSum}), so that neither the order of
 * records nor that of fields counts, but repetition does. Nothing is stored: the digest follows from the records. The exact forms are part of
 * {@code docs/FORMAT.md}, so that anybody can work them out on data that never saw this library.
 *
 * <p>The direction to err is towards "different": two values share a form only if a system that has no better type would hold one for the other
 * (a truth as 0 or 1, a moment as text). What has no portable form is named with its reason rather than guessed.
 *
 * <p>Begin with {@code PortableRun}.
 */
@NullMarked
package io.crmbackup.internal.portable;

import org.jspecify.annotations.NullMarked;
