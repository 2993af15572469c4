package io.crmbackup.jdbc;

import io.crmbackup.testservers.MariaDbBinaries;
import io.crmbackup.testservers.MariaDbServer;
import java.util.List;

/**
 * The server that tests of MariaDB run against: the bundled one unless the system property {@code crmbackup.test.mariadb} says {@code system}
 * (the one that is installed) or {@code mysql}.
 */
final class TestedServer {
    private TestedServer() {}

    private static final class Started {
        static final MariaDbServer SERVER = switch (System.getProperty("crmbackup.test.mariadb", "bundled")) {
            case "system" -> MariaDbServer.start(MariaDbBinaries.ofSystem(), List.of());
            case "mysql" -> MariaDbServer.start(MariaDbBinaries.mysql(), List.of());
            default -> MariaDbServer.shared();
        };
    }

    static MariaDbServer mariaDb() {
        return Started.SERVER;
    }
}
