/**
 * Relational databases as source and target.
 *
 * <p><b>Values.</b> A value is stored as the database's server renders it, and given back to the server in that form: what it wrote, it
 * reads. {@code getObject} and the classes of {@code java.sql} are avoided: they can't hold all that databases can, and depend on the
 * time zone. What the forms of fields allow is enough for servers beyond those here: PostgreSQL renders any value as text (as
 * in COPY), bytes as themselves; MySQL and MariaDB render unsigned numbers, zero dates and times beyond a day as text, and bits and geometries
 * as bytes. Field types say how core may read the bytes (as a number, a date, text, raw); what has no type there is {@code OTHER} with
 * the server's name of its type. Keys order by bytes, so only whole numbers (in the order-preserving form) and what a database itself compares
 * as bytes can be read in key order; everything else comes unsorted and the engine sorts it. None of this needs another format.
 *
 * <p><b>Definitions.</b> They are kept as statements in the database's own words, each table's in its schema's attributes, the rest in the
 * capture's. On restore a statement is executed only if it can be seen to run no code; see {@link JdbcTarget}.
 *
 * <p><b>One moment.</b> A view of the database is opened before anything is read and shows all tables as they were then. What a view does not
 * cover (in H2, tables that are redefined) is noticed and fails the capture.
 *
 * <p><b>Inside.</b> {@code internal.capture} makes a view of a database a capture. {@code internal.load} writes a backup into an empty database,
 * {@code internal.replace} in the place of one in use, {@code internal.merge} rows into tables in service. The first two use {@code
 * internal.restore}, which says what statements are executed, and {@code internal.load} also {@code internal.translate}, for a backup of another
 * product. {@code internal.product} knows the products, each of which is a package. All build on {@code internal.dialect} (what differs, and
 * views of one moment) and {@code internal.sql} (what is common).
 */
@NullMarked
package io.crmbackup.jdbc;

import org.jspecify.annotations.NullMarked;
