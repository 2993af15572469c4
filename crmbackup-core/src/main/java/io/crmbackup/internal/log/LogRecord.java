package io.crmbackup.internal.log;

import com.google.common.hash.HashCode;
import io.crmbackup.internal.object.ObjectId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An entry as it is stored.
 *
 * @param nonce drawn by the author for one append, so that no two authors ever put the same bytes: an object with one's own bytes is one's own entry, whose put was not answered
 * @param previous SHA-256 of the stored object of the entry before; zeros for the first entry
 * @param written the author's clock when it was written, to the millisecond; information only
 * @param entry what it says
 */
record LogRecord(ObjectId nonce, HashCode previous, Instant written, LogEntry entry) {
    LogRecord {
        written = written.truncatedTo(ChronoUnit.MILLIS);
    }
}
