/** What every restore into a database needs: which statements of a backup are executed, and in which steps. */
@NullMarked
package io.crmbackup.jdbc.internal.restore;

import org.jspecify.annotations.NullMarked;
