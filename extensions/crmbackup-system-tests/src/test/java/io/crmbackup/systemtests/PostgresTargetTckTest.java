package io.crmbackup.systemtests;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

class PostgresTargetTckTest extends DatabaseTargetTck {
    private final Map<String, TestDatabase> databases = new HashMap<>();

    @Override
    String impatience() {
        return "SET lock_timeout = '100ms'";
    }

    @Override
    DataSource database(Path below, String name) {
        return databases.computeIfAbsent(name, first -> PostgresServer.shared().newDatabase());
    }
}
