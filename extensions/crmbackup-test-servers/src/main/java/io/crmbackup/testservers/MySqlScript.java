package io.crmbackup.testservers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** Runs a script for the command line programs of MySQL and MariaDB, such as a dump. */
final class MySqlScript {
    private MySqlScript() {}

    static void run(String script, Connection connection) throws SQLException {
        SqlSplitter splitter = new SqlSplitter(script, SqlSplitter.Dialect.MYSQL, Map.of());
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            for (Optional<String> sql = splitter.next(); sql.isPresent(); sql = splitter.next()) {
                statement.execute(sql.get());
            }
        }
    }
}
