package io.crmbackup.examples.extending;

import io.crmbackup.spi.Sink;
import io.crmbackup.spi.SinkContent;
import io.crmbackup.spi.SinkObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Keeps objects in {@code create table object (name varchar(120) primary key, bytes blob not null)}: the primary key is what makes a second
 * put of a name fail. Objects pass through memory. Connections of the data source must commit each statement.
 */
public record TableSink(DataSource database, AtomicBoolean closed) implements Sink {
    /** A sink in the table {@code object} of a database. */
    public TableSink(DataSource database) {
        this(database, new AtomicBoolean());
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        byte[] bytes = content.readBytes();
        run("insert into object (name, bytes) values (?, ?)", name, insert -> {
            insert.setBytes(2, bytes);
            return insert.executeUpdate();
        });
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        return run("select bytes from object where name = ?", name, select -> {
            ResultSet rows = select.executeQuery();
            if (!rows.next()) {
                throw new NoSuchFileException(name);
            }
            byte[] bytes = rows.getBytes(1);
            int from = (int) Math.min(offset, bytes.length);
            return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
        });
    }

    @Override
    public void list(String prefix, Consumer<SinkObject> visitor) throws IOException {
        run("select name, octet_length(bytes) from object where name like ?", prefix + "%", select -> {
            for (ResultSet rows = select.executeQuery(); rows.next(); ) {
                visitor.accept(new SinkObject(rows.getString(1), rows.getLong(2), null));
            }
            return prefix;
        });
    }

    @Override
    public void delete(String name) throws IOException {
        run("delete from object where name = ?", name, PreparedStatement::executeUpdate);
    }

    @Override
    public void close() {
        closed.set(true);
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException, IOException;
    }

    private <T> T run(String sql, String name, Work<T> work) throws IOException {
        if (closed.get() || Thread.currentThread().isInterrupted()) {
            throw new IOException(closed.get() ? "the sink is closed" : "interrupted");
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            return work.on(statement);
        } catch (SQLException e) {
            boolean taken = e instanceof SQLIntegrityConstraintViolationException;
            throw taken ? new FileAlreadyExistsException(name) : new IOException(sql, e);
        }
    }
}
