/**
 * Benchmarks of single kernels, each with a rival in the same run: compare scores of one run only. Contents are generated from fixed seeds. One
 * command builds and runs what matches a pattern, with options of JMH after it ({@code -f} forks, {@code -wi} and {@code -i} iterations,
 * {@code -p} parameters):
 *
 * <pre>
 *   ./mvnw -q -Pbench -pl crmbackup-bench -am compile -Dbench="ChunkerBench -f 1"
 * </pre>
 *
 * <p>{@code -Dbench.java=/path/to/java} measures another JVM. Let nothing else run meanwhile.
 */
@NullMarked
package io.crmbackup.bench;

import org.jspecify.annotations.NullMarked;
