package io.crmbackup.systemtests;

import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;

class H2TargetTckTest extends DatabaseTargetTck {
    private static final int NOBODY_ELSE = 90135;

    private Object seen = "";

    @Override
    String impatience() {
        return "SET LOCK_TIMEOUT 100";
    }

    @Override
    DataSource database(Path below, String name) {
        return Databases.h2(below, name);
    }

    /** What was last seen, while a restore lets nobody in: then there is nobody who could see anything else. */
    @Override
    protected Object state() throws SQLException {
        try {
            seen = super.state();
        } catch (SQLException e) {
            if (e.getErrorCode() != NOBODY_ELSE) {
                throw e;
            }
        }
        return seen;
    }
}
