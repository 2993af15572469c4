package io.crmbackup.systemtests;

import java.nio.file.Path;
import javax.sql.DataSource;

class HsqldbTargetTckTest extends DatabaseTargetTck {
    @Override
    DataSource database(Path below, String name) {
        return Databases.hsqldb(below, name);
    }
}
