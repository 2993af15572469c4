/**
 * What a PostgreSQL database consists of, as statements in an order in which they can be executed.
 *
 * <p>One query for each kind of object ({@code tables.sql}, {@code routines.sql} …) gives its statements, in the server's own words wherever it has a
 * function that gives them. {@code Dependencies} reads who needs whom from {@code pg_depend}; what is not an object of its own there (a row type, a
 * view's rule, the index of a constraint) counts as what it belongs to. {@code SchemaReader} puts them in order: what a table needs, and what
 * rows may not be without, comes before the rows, all else after them. Circles can only be made by what is taken apart from the start: conditions, defaults
 * that call functions, who owns a sequence; bodies of functions are not looked into when they are made.
 */
@NullMarked
package io.crmbackup.jdbc.internal.postgres.schema;

import org.jspecify.annotations.NullMarked;
