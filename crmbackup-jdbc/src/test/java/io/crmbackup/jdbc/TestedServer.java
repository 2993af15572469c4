package io.crmbackup.jdbc;

import io.crmbackup.testservers.MariaDbBinaries;
import io.crmbackup.testservers.MariaDbServer;
import io.crmbackup.testservers.PostgresServer;
import java.util.List;
import java.util.Map;

/**
 * The servers that tests run against: MariaDB's bundled one unless the system property {@code crmbackup.test.mariadb} says {@code system} (the
 * one that is installed) or {@code mysql}; PostgreSQL's of the major version that {@code crmbackup.test.postgres} says, if it does.
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

    private static final class StartedPostgres {
        static final PostgresServer SERVER = major() == PostgresServer.DEFAULT_MAJOR
                ? PostgresServer.shared()
                : PostgresServer.start(major(), Map.of());

        private static int major() {
            return Integer.getInteger("crmbackup.test.postgres", PostgresServer.DEFAULT_MAJOR);
        }
    }

    static PostgresServer postgres() {
        return StartedPostgres.SERVER;
    }

    static MariaDbServer mariaDb() {
        return Started.SERVER;
    }
}
