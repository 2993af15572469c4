package io.crmbackup.systemtests;

import java.nio.file.Path;
import javax.sql.DataSource;

class H2TargetTckTest extends DatabaseTargetTck {
    @Override
    DataSource database(Path below, String name) {
        return Databases.h2(below, name);
    }
}
