/**
 * Restores whole tables into a database that has none: definitions, rows, and what is quicker or only possible when rows are there.
 *
 * <p>{@code EmptyRestore} is the session, {@code TranslatedRestore} that of another product's backup. {@code LoadPlan} divides the work into steps;
 * {@code Crew} does several at once, over {@code LoadConnections}; {@code Execution} does each once, and {@code TableLoad} fills a table. {@code Journal}
 * notes in the database what is done, and {@code Resumption} reads that, so that a restore that was cut short goes on. At last {@code
 * CatalogComparison} looks whether all is there.
 */
@NullMarked
package io.crmbackup.jdbc.internal.load;

import org.jspecify.annotations.NullMarked;
