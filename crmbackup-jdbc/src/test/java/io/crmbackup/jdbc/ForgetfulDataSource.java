package io.crmbackup.jdbc;

import io.crmbackup.testservers.PlainDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Says of statements that contain a word that they were executed, and does nothing. */
record ForgetfulDataSource(DataSource source, String word) implements PlainDataSource {
    @Override
    public Connection getConnection() throws SQLException {
        return (Connection) watched(Connection.class, source.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    private Object watched(Class<?> type, Object target) {
        return Proxy.newProxyInstance(
                ForgetfulDataSource.class.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call(target, method, arguments));
    }

    private Object call(Object target, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("execute") && String.valueOf(arguments[0]).contains(word)) {
            return false;
        }
        try {
            Object result = method.invoke(target, arguments);
            return method.getName().equals("createStatement") ? watched(Statement.class, result) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
