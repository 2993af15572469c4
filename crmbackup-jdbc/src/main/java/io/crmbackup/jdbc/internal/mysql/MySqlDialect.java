package io.crmbackup.jdbc.internal.mysql;

/** MySQL, by its own driver or MariaDB's. */
public final class MySqlDialect extends MySqlFamily {
    @Override
    public String product() {
        return "MySQL";
    }

    @Override
    boolean isMariaDb() {
        return false;
    }
}
