package io.crmbackup.jdbc;

import io.crmbackup.testservers.PlainDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A data source whose connections all break when a number of statements and commits has been sent: before the last of them, or after it. */
final class DyingDataSource implements PlainDataSource {
    /** Whether the last one still takes effect. */
    enum Last {
        IS_LOST,
        TAKES_EFFECT
    }

    /** What becomes of connections that are asked for afterwards. */
    private enum Then {
        REFUSED,
        GIVEN
    }

    private final DataSource source;
    private final Last last;
    private final Then then;
    private final List<Connection> open = new ArrayList<>();
    private int left;

    DyingDataSource(DataSource source, int left, Last last) {
        this(source, left, last, Then.REFUSED);
    }

    private DyingDataSource(DataSource source, int left, Last last, Then then) {
        this.source = source;
        this.left = left;
        this.last = last;
        this.then = then;
    }

    /** One that gives connections again, when those that were open broke. */
    static DyingDataSource once(DataSource source, int left, Last last) {
        return new DyingDataSource(source, left, last, Then.GIVEN);
    }

    boolean isDead() {
        return left <= 0;
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
        if (isDead() && then == Then.GIVEN) {
            return source.getConnection();
        }
        refuseIfDead();
        Connection connection = source.getConnection();
        open.add(connection);
        return (Connection) watched(Connection.class, connection);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    private Object watched(Class<?> type, Object target) {
        return Proxy.newProxyInstance(
                DyingDataSource.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(target, method, arguments));
    }

    private Object call(Object target, Method method, Object[] arguments) throws Throwable {
        boolean counts =
                method.getName().startsWith("execute") || method.getName().equals("commit");
        if (counts) {
            count(Last.IS_LOST);
        } else if (!List.of("close", "isWrapperFor", "unwrap", "isClosed").contains(method.getName())) {
            refuseIfDead();
        }
        Object result;
        try {
            result = method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (counts) {
            count(Last.TAKES_EFFECT);
        }
        if (method.getName().equals("unwrap")) {
            return result;
        }
        return result instanceof PreparedStatement statement
                ? watched(PreparedStatement.class, statement)
                : result instanceof Statement statement ? watched(Statement.class, statement) : result;
    }

    private synchronized void count(Last when) throws SQLException {
        refuseIfDead();
        if (when == last && --left == 0) {
            for (Connection connection : open) {
                breakOff(connection);
            }
            refuseIfDead();
        }
    }

    private static void breakOff(Connection connection) throws SQLException {
        try {
            connection.close();
        } catch (SQLException e) {
            // Derby lets no transaction be forgotten.
            connection.rollback();
            connection.close();
        }
    }

    private synchronized void refuseIfDead() throws SQLException {
        if (isDead()) {
            throw new SQLException("the connection broke, as the test wants it", "08006");
        }
    }
}
