package io.crmbackup.jdbc.internal.mysql;

import java.nio.charset.StandardCharsets;

/**
 * What the rows of a range are, to tell whether they are the same later.
 *
 * @param count how many
 * @param sums the sums over the rows of both halves of each row's MD5, as the server writes them
 */
record RangeDigest(long count, String sums) {
    byte[] mark() {
        return (count + " " + sums).getBytes(StandardCharsets.US_ASCII);
    }
}
