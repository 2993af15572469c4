/** Restores rows into tables that are in service. */
@NullMarked
package io.crmbackup.jdbc.internal.merge;

import org.jspecify.annotations.NullMarked;
