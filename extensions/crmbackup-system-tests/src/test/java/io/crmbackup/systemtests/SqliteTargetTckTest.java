package io.crmbackup.systemtests;

import java.nio.file.Path;
import javax.sql.DataSource;

class SqliteTargetTckTest extends DatabaseTargetTck {
    @Override
    String impatience() {
        return "PRAGMA busy_timeout = 100";
    }

    @Override
    DataSource database(Path below, String name) {
        return Databases.sqlite(below, name);
    }
}
