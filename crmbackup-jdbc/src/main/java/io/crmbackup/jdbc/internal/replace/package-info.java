/**
 * Restores into a database in use, all of which becomes what it was: {@code ReplaceRestore} is the session, a product's {@code Exchange} knows how the
 * new takes the place of the old at once, {@code WrittenSource} shows the new before that, to be compared with the backup.
 */
@NullMarked
package io.crmbackup.jdbc.internal.replace;

import org.jspecify.annotations.NullMarked;
