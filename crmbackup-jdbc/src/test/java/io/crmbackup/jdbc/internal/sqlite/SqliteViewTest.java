package io.crmbackup.jdbc.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteViewTest {
    @Test
    void viewCannotWrite(@TempDir Path directory) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("a"))) {
            Dialect.execute(connection, "CREATE TABLE t(a)");
            new SqliteDialect().begin(connection);
            assertThatThrownBy(() -> Dialect.execute(connection, "INSERT INTO t VALUES(1)"))
                    .isInstanceOf(SQLException.class);
        }
    }
}
