package io.crmbackup.jdbc.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.jdbc.internal.dialect.Catalog;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import io.crmbackup.jdbc.internal.dialect.ViewRequest;
import io.crmbackup.jdbc.internal.sql.TableFilter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteViewTest {
    @Test
    void viewCannotWrite(@TempDir Path directory) throws Exception {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + directory.resolve("a"));
        try (Connection connection = source.getConnection()) {
            Dialect.execute(connection, "CREATE TABLE t(a)");
            Catalog nothing = new Catalog(List.of(), List.of(), List.of(), List.of());
            Duration second = Duration.ofSeconds(1);
            new SqliteDialect().begin(connection, nothing, new ViewRequest(source, TableFilter.ALL, 1, second, second));
            assertThatThrownBy(() -> Dialect.execute(connection, "INSERT INTO t VALUES(1)"))
                    .isInstanceOf(SQLException.class);
        }
    }
}
