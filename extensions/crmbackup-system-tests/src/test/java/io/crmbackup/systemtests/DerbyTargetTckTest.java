package io.crmbackup.systemtests;

import java.nio.file.Path;
import javax.sql.DataSource;

class DerbyTargetTckTest extends DatabaseTargetTck {
    @Override
    DataSource database(Path below, String name) {
        return Databases.derby(below, name);
    }
}
