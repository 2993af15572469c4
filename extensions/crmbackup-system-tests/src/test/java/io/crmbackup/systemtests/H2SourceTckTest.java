package io.crmbackup.systemtests;

import java.nio.file.Path;
import javax.sql.DataSource;

class H2SourceTckTest extends DatabaseSourceTck {
    @Override
    DataSource database(Path below, String name) {
        return Databases.h2(below, name);
    }
}
