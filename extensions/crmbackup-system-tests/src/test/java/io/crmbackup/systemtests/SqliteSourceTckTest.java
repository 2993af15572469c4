package io.crmbackup.systemtests;

import java.nio.file.Path;
import javax.sql.DataSource;

class SqliteSourceTckTest extends DatabaseSourceTck {
    @Override
    DataSource database(Path below, String name) {
        return Databases.sqlite(below, name);
    }
}
