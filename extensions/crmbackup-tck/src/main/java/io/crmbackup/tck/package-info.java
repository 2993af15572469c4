/**
 * The test kit. {@link io.crmbackup.tck.SinkTck} is a JUnit class with one test for each numbered rule of the interface's Javadoc: extend it, say
 * how yours is opened, and run it. {@link io.crmbackup.tck.SinkCheck} applies the same rules to a real store, without JUnit. {@link
 * io.crmbackup.tck.InMemorySink} is a strict and simple fixture; {@link io.crmbackup.tck.SimulatedSink} fails on demand.
 */
@NullMarked
package io.crmbackup.tck;

import org.jspecify.annotations.NullMarked;
