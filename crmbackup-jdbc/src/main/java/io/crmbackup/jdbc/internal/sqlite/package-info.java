/** SQLite. */
@NullMarked
package io.crmbackup.jdbc.internal.sqlite;

import org.jspecify.annotations.NullMarked;
