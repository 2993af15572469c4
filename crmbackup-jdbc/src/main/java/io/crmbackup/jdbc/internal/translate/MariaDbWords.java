package io.crmbackup.jdbc.internal.translate;

import java.sql.Connection;
import java.sql.SQLException;

/** MariaDB, where it says more than {@linkplain MySqlWords MySQL}: large objects have defaults. */
final class MariaDbWords extends MySqlWords {
    MariaDbWords(InnoDbPage page) {
        super("utf8mb4_nopad_bin", page);
    }

    @Override
    Vocabulary of(Connection connection) throws SQLException {
        return new MariaDbWords(InnoDbPage.of(connection));
    }

    @Override
    boolean takesDefault(TargetColumn column) {
        return true;
    }
}
