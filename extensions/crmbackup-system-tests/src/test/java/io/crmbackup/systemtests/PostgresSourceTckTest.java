package io.crmbackup.systemtests;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

class PostgresSourceTckTest extends DatabaseSourceTck {
    private final Map<String, TestDatabase> databases = new HashMap<>();

    @Override
    DataSource database(Path below, String name) {
        return databases.computeIfAbsent(name, first -> PostgresServer.shared().newDatabase());
    }
}
