package io.crmbackup.jdbc;

import io.crmbackup.testservers.PlainDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database whose statements are looked at before they are executed, and which may hide what driver it has. */
final class WatchedDatabase implements PlainDataSource {
    private final DataSource database;
    private final Watch watch;
    private final boolean hidden;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());

    private final Taking taking;
    private Runnable released = () -> {};

    private WatchedDatabase(DataSource database, Watch watch, Taking taking, boolean hidden) {
        this.database = database;
        this.watch = watch;
        this.taking = taking;
        this.hidden = hidden;
    }

    /** Called before a statement is executed. */
    @FunctionalInterface
    interface Watch {
        void before(String sql) throws Exception;
    }

    static WatchedDatabase of(DataSource database, Watch watch) {
        return of(database, watch, () -> {});
    }

    static WatchedDatabase of(DataSource database, Watch watch, Taking taking) {
        return new WatchedDatabase(database, watch, taking, false);
    }

    /** Called before a connection is taken. */
    @FunctionalInterface
    interface Taking {
        void before() throws SQLException;
    }

    /** The same database by a driver that is not known to be PostgreSQL's own. */
    static WatchedDatabase hidingItsDriver(DataSource database) {
        return new WatchedDatabase(database, sql -> {}, () -> {}, true);
    }

    /** What to do when a connection is given back. */
    WatchedDatabase releasing(Runnable action) {
        released = action;
        return this;
    }

    /** The connections that are open now. */
    int open() {
        return open.get();
    }

    /** The most connections that were open at the same time. */
    int most() {
        return most.get();
    }

    List<String> statements() {
        return List.copyOf(statements);
    }

    @Override
    public Connection getConnection() throws SQLException {
        taking.before();
        Connection connection = database.getConnection();
        AtomicBoolean closed = new AtomicBoolean();
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        return proxy(Connection.class, connection, (name, arguments) -> {
            if (name.equals("close") && !closed.getAndSet(true)) {
                open.decrementAndGet();
                released.run();
            }
            if (name.equals("prepareStatement")) {
                before((String) arguments[0]);
            }
        });
    }

    private void before(String sql) throws Exception {
        statements.add(sql);
        watch.before(sql);
    }

    private interface Before {
        void call(String method, Object[] arguments) throws Exception;
    }

    private <T> T proxy(Class<T> type, T real, Before before) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (hidden && method.getName().equals("isWrapperFor")) {
                        return false;
                    }
                    before.call(method.getName(), arguments);
                    try {
                        Object result = method.invoke(real, arguments);
                        return method.getName().equals("createStatement")
                                ? proxy(Statement.class, (Statement) result, (name, sql) -> {
                                    if (name.startsWith("execute") && sql != null) {
                                        before((String) sql[0]);
                                    }
                                })
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }
}
