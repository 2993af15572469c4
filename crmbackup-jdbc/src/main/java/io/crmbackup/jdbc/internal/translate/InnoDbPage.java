package io.crmbackup.jdbc.internal.translate;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The size of InnoDB's pages, which a server has for good, and what fits into them: a page holds two rows at least, and rows and keys have limits of their own in
 * large ones.
 *
 * @param bytes from 4096 to 65,536
 */
record InnoDbPage(int bytes) {
    static final InnoDbPage USUAL = new InnoDbPage(16_384);

    private static final int LARGEST = 65_536;
    /** What a page holds besides rows. */
    private static final int OVERHEAD = 132;
    /** Where a row's places take 14 bits. */
    private static final int MOST_OF_ROW = 16_383;

    InnoDbPage {
        if (bytes < 4_096 || bytes > LARGEST) {
            throw new IllegalArgumentException("InnoDB has pages of 4096 to 65536 bytes, not of " + bytes);
        }
    }

    /** That of a server. */
    static InnoDbPage of(Connection connection) throws SQLException {
        return new InnoDbPage((int) Dialect.number(connection, "SELECT @@innodb_page_size"));
    }

    /** The most bytes of a row in its page. */
    int mostOfRow() {
        return bytes == LARGEST ? MOST_OF_ROW : (bytes - OVERHEAD) / 2;
    }

    /** The most bytes of a key; some servers take longer ones in the smallest pages. */
    int mostOfKey() {
        return bytes <= 4_096 ? 768 : bytes <= 8_192 ? 1_280 : 3_072;
    }
}
