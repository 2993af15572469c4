/**
 * One collection of a capture on its way into trees: for a backup, which stores them, and for the proof of a restore, which only compares.
 *
 * <p>Begin with {@code CollectionCapture}: it reads the records, takes what did not change from {@code BaseRecords}, and hands the rest to a {@code
 * RecordFeed}, which brings it into tree order; {@code TreeBuilding} makes trees of it. {@code FormerCollection} says what new chunks resemble.
 */
@NullMarked
package io.crmbackup.internal.capture;

import org.jspecify.annotations.NullMarked;
