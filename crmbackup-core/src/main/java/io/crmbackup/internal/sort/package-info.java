/**
 * Sorting of more records than fit into memory.
 *
 * <p>Records are collected in memory. When they exceed the budget they are sorted and written to the work directory as a <i>run</i>; at the end
 * the runs are merged, a bounded number at a time. A run is one zstd stream of
 *
 * <pre>record := key length (4 bytes)  key  value length (4 bytes)  value</pre>
 *
 * cut into segments of 16 KiB that are sealed with AES-256-GCM: short calls, because one long call is some twenty times slower on JDK 17. The
 * key is random, lives in memory only and dies with the sorter, so runs that a crash leaves behind can't be read by anybody. The nonce is
 * run number (4 bytes) and segment number (8 bytes), and the sorter knows how long each run is: nothing can be altered, exchanged,
 * repeated or cut off.
 */
@NullMarked
package io.crmbackup.internal.sort;

import org.jspecify.annotations.NullMarked;
