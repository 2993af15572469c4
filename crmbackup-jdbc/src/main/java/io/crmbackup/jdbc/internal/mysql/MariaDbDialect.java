package io.crmbackup.jdbc.internal.mysql;

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
}
