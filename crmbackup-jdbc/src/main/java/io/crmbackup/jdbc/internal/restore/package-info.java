/** Restores into databases: into an empty one, and of rows into one in service. */
@NullMarked
package io.crmbackup.jdbc.internal.restore;

import org.jspecify.annotations.NullMarked;
