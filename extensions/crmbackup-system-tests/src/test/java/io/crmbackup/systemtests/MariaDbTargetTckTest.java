package io.crmbackup.systemtests;

import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

class MariaDbTargetTckTest extends DatabaseTargetTck {
    private final Map<String, TestDatabase> databases = new HashMap<>();

    @Override
    String impatience() {
        return "SET SESSION innodb_lock_wait_timeout = 1";
    }

    @Override
    DataSource database(Path below, String name) {
        return databases.computeIfAbsent(
                name, n -> inUtf8(MariaDbServer.shared().newDatabase()));
    }

    private static TestDatabase inUtf8(TestDatabase database) {
        try {
            database.execute("ALTER DATABASE CHARACTER SET utf8mb4");
            return database;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
