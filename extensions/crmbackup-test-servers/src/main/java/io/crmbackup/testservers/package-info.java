/**
 * Real database servers for tests: started when first asked for, one of a kind per JVM, stopped when the JVM ends.
 *
 * <p>All that a server writes lies in a directory of its own below {@code target/servers} of the whole project. The directory's name
 * tells the JVM that started the server; when that JVM is gone, killed maybe, the next one stops the server and removes the directory.
 * Nothing is fetched over the network: the programs come out of jars, or are those of the machine.
 *
 * <p>What a machine doesn't have throws {@link Unavailable}, which JUnit takes as a skipped test.
 */
@NullMarked
package io.crmbackup.testservers;

import org.jspecify.annotations.NullMarked;
