package io.crmbackup.jdbc.internal.postgres.schema;

/**
 * How the server knows an object.
 *
 * @param catalog the number of the catalog that it is in
 * @param object its number there
 */
record ObjectId(long catalog, long object) {}
