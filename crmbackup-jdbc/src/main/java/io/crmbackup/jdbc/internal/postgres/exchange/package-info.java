/**
 * A PostgreSQL database in service goes back in its place, in one transaction: its schemas are renamed, new ones made and filled under their names, the old
 * ones dropped ({@code SchemaExchange}). What the new objects are to have of the old ones (owners, rights, rows of tables that are left out) is handed on
 * before; what would break stands in the preview.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.exchange;

import org.jspecify.annotations.NullMarked;
