package io.crmbackup.jdbc.internal.mysql;

import java.util.List;
import java.util.stream.Stream;

/** MariaDB, by its own driver or MySQL's. */
public final class MariaDbDialect extends MySqlFamily {
    @Override
    public String product() {
        return "MariaDB";
    }

    @Override
    boolean isMariaDb() {
        return true;
    }

    @Override
    public List<String> scriptedSession() {
        return Stream.concat(super.scriptedSession().stream(), Stream.of("SET SESSION check_constraint_checks = 0"))
                .toList();
    }
}
