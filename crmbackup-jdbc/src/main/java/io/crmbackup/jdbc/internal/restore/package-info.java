/**
 * What all need who make tables from a backup: {@code RestoreScript} says which of its statements are executed, in which order, and which are left out and
 * why; how much of them is trusted is a {@code Trust}.
 */
@NullMarked
package io.crmbackup.jdbc.internal.restore;

import org.jspecify.annotations.NullMarked;
