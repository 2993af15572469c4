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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * Keeps objects in {@code create table object (name varchar(120) primary key, bytes blob not null)}: the primary key is what makes a second
 * put of a name fail. Objects pass through memory.
 */
public final class TableSink implements Sink {
    private final DataSource database;
    private volatile boolean closed;

    /** A sink in the table {@code object} of a database whose connections commit every statement. */
    public TableSink(DataSource database) {
        this.database = database;
    }

    @Override
    public void put(String name, SinkContent content) throws IOException {
        byte[] bytes;
        try (InputStream in = content.open()) {
            bytes = in.readAllBytes();
        }
        if (bytes.length != content.length() || Thread.currentThread().isInterrupted()) {
            throw new IOException("interrupted, or not " + content.length() + " bytes: " + name);
        }
        run("insert into object (bytes, name) values (?, ?)", insert -> {
            insert.setBytes(1, bytes);
            insert.setString(2, name);
            try {
                return insert.executeUpdate();
            } catch (SQLIntegrityConstraintViolationException e) {
                throw new FileAlreadyExistsException(name);
            }
        });
    }

    @Override
    public InputStream get(String name, long offset, long length) throws IOException {
        return run("select bytes from object where name = ?", select -> {
            select.setString(1, name);
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
        List<SinkObject> found = run("select name, octet_length(bytes) from object where name like ?", select -> {
            select.setString(1, prefix + "%");
            List<SinkObject> objects = new ArrayList<>();
            for (ResultSet rows = select.executeQuery(); rows.next(); ) {
                objects.add(new SinkObject(rows.getString(1), rows.getLong(2), null));
            }
            return objects;
        });
        found.forEach(visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        run("delete from object where name = ?", delete -> {
            delete.setString(1, name);
            return delete.executeUpdate();
        });
    }

    @Override
    public void close() {
        closed = true;
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException, IOException;
    }

    private <T> T run(String sql, Work<T> work) throws IOException {
        if (closed) {
            throw new IllegalStateException("the sink is closed");
        }
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return work.on(statement);
        } catch (SQLException e) {
            throw new IOException(sql, e);
        }
    }
}
