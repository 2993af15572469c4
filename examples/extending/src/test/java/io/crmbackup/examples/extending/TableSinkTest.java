package io.crmbackup.examples.extending;

import io.crmbackup.spi.Sink;
import io.crmbackup.tck.SinkTck;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;

class TableSinkTest extends SinkTck {
    private final JdbcDataSource database = new JdbcDataSource();

    @BeforeEach
    void createTable() throws SQLException {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table object (name varchar(120) primary key, bytes blob not null)");
        }
    }

    @Override
    protected Sink open() {
        return new TableSink(database);
    }
}
