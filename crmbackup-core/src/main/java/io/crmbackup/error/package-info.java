/**
 * What can go wrong with a repository, a source or a target. All types are unchecked and extend {@link
 * io.crmbackup.error.BackupException}; wrong arguments are {@link java.lang.IllegalArgumentException} at the setter instead.
 */
@NullMarked
package io.crmbackup.error;

import org.jspecify.annotations.NullMarked;
