package io.crmbackup.jdbc.internal.mysql.changes;

import java.nio.charset.StandardCharsets;

/**
 * What the rows of a range are, to tell whether they are the same later.
 *
 * @param count how many
 * @param sum the sum over the rows of the first half of each row's MD5, as the server writes it
 */
record RangeDigest(long count, String sum) {
    byte[] mark() {
        return (count + " " + sum).getBytes(StandardCharsets.US_ASCII);
    }
}
