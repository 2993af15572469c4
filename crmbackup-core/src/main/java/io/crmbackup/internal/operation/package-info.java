/**
 * What every operation does besides its work: {@code Interruption} lets it be cancelled, {@code Progress} tells how it goes on, and {@code ReadMeter}
 * counts what it reads and keeps to a rate.
 *
 * <p>Failures keep their side: what a source does is a {@link io.crmbackup.error.SourceException}, a sink a {@link
 * io.crmbackup.error.SinkException}, a target a {@link io.crmbackup.error.TargetException}. An {@link java.io.IOException} is only ever a source's or
 * a target's: the sink's are turned into unchecked ones where they arise.
 */
@NullMarked
package io.crmbackup.internal.operation;

import org.jspecify.annotations.NullMarked;
