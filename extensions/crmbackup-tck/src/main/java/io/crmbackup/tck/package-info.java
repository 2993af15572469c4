/**
 * The test kit. {@link io.crmbackup.tck.SinkTck}, {@link io.crmbackup.tck.SourceTck} and {@link io.crmbackup.tck.TargetTck} are JUnit classes
 * with one test for each numbered rule of the interface's Javadoc: extend one, say how yours is opened, and run it. {@link
 * io.crmbackup.tck.SinkCheck} applies the same rules to a real store, without JUnit.
 *
 * <p>{@link io.crmbackup.tck.InMemorySink}, {@link io.crmbackup.tck.InMemorySource} and {@link io.crmbackup.tck.InMemoryTarget} are strict and
 * simple fixtures. {@link io.crmbackup.tck.SimulatedSink} fails on demand, {@link io.crmbackup.tck.CrashPoints} crashes a workload at every
 * operation, and {@link io.crmbackup.tck.Interleavings} lets several run in each order.
 */
@NullMarked
package io.crmbackup.tck;

import org.jspecify.annotations.NullMarked;
