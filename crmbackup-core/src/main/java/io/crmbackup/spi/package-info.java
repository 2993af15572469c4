/**
 * What others implement and use: a {@link io.crmbackup.spi.Sink} keeps a repository's objects, a {@link io.crmbackup.spi.Source} is captured,
 * a {@link io.crmbackup.spi.Target} is restored into. The numbered MUSTs in their Javadoc are tested one by one by the test kit
 * {@code crmbackup-tck}.
 *
 * <p>What is captured is a set of <em>collections</em> (a table, a file tree) of <em>records</em>: an ordered {@link
 * io.crmbackup.spi.RecordKey} and the values of the fields that a {@link io.crmbackup.spi.RecordSchema} names. The schema is stored with the
 * records, so that every value can be read without the system that it came from.
 */
@NullMarked
package io.crmbackup.spi;

import org.jspecify.annotations.NullMarked;
