package io.crmbackup.jdbc.internal.dialect;

import io.crmbackup.jdbc.internal.sql.TableFilter;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * How a database is to be viewed.
 *
 * @param dataSource where more connections come from
 * @param filter which tables
 * @param connections the most connections that the view may take, at least 1
 * @param lockTimeout how long to wait for a lock that somebody else holds
 * @param yieldToDdl how long others may wait for a lock that the view holds, before it gives way
 */
public record ViewRequest(
        DataSource dataSource, TableFilter filter, int connections, Duration lockTimeout, Duration yieldToDdl) {}
