/**
 * What others implement and use: a {@link io.crmbackup.spi.Sink} keeps a repository's objects, a {@code Source} is captured, a
 * {@code Target} is restored into. The numbered MUSTs in their Javadoc are tested one by one by the test kit
 * {@code crmbackup-tck}.
 *
 * <p>What is captured is a set of <em>collections</em> (a table, a file tree) of <em>records</em>: an ordered {@code RecordKey}
 * and the values of the fields that a {@code RecordSchema} names. The schema is stored with the records, so that every value can be read without the system that it came from.
 */
@NullMarked
package io.crmbackup.spi;

import org.jspecify.annotations.NullMarked;
