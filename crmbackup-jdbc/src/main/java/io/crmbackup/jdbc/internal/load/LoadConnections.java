package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.BorrowedConnection;
import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections of a restore, each used by one thread at a time. Thread-safe. */
public final class LoadConnections implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadConnections.class);

    private final DataSource dataSource;
    private final Dialect dialect;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<BorrowedConnection> all = new ArrayList<>();
    private final Deque<Connection> free = new ArrayDeque<>();

    /**
     * Begins with one connection, which is closed with the others.
     *
     * @param most how many there may be
     */
    public LoadConnections(BorrowedConnection first, DataSource dataSource, int most) {
        this.dataSource = dataSource;
        this.dialect = first.dialect();
        this.most = Math.min(most, dialect.mostWriters());
        all.add(first);
        free.add(first.connection());
    }

    Dialect dialect() {
        return dialect;
    }

    /** The connection that there is from the beginning; only for when no other is used. */
    Connection first() {
        return all.get(0).connection();
    }

    /** How many there may be. */
    int most() {
        return most;
    }

    /** How many there are. */
    int count() {
        return all.size();
    }

    /** Prepares the first one, and takes others up to the number there may be; fewer if the data source gives no more. */
    void open(Map<String, String> attributes) throws IOException, SQLException {
        dialect.prepareRestore(first(), attributes);
        while (all.size() < most) {
            Optional<BorrowedConnection> more = another();
            if (more.isEmpty()) {
                return;
            }
            all.add(more.get());
            free.add(more.get().connection());
            dialect.prepareRestore(more.get().connection(), attributes);
        }
    }

    private Optional<BorrowedConnection> another() throws IOException {
        try {
            Optional<BorrowedConnection> more = all.get(0).another(dataSource);
            if (more.isEmpty()) {
                LOG.warn("restoring with {} connection(s), as the data source gives the same one twice", all.size());
            }
            return more;
        } catch (SQLException e) {
            LOG.warn("restoring with {} connection(s), as there is no other: {}", all.size(), e.getMessage());
            return Optional.empty();
        }
    }

    /** One that nobody uses; there is one for each thread. */
    Connection take() {
        lock.lock();
        try {
            return free.remove();
        } finally {
            lock.unlock();
        }
    }

    void giveBack(Connection connection) {
        lock.lock();
        try {
            free.push(connection);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        BorrowedConnection.close(all);
    }
}
