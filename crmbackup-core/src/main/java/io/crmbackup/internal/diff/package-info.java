/**
 * What differs between two states of a collection: {@code CollectionChanges} goes through it, {@code DiffRun} lists it, {@code ChangeCount} only counts.
 */
@NullMarked
package io.crmbackup.internal.diff;

import org.jspecify.annotations.NullMarked;
