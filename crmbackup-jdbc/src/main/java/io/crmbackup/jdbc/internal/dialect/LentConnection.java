package io.crmbackup.jdbc.internal.dialect;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import javax.sql.DataSource;

/** A data source that gives one and the same connection each time, which closing doesn't end. For one user at a time. */
public final class LentConnection {
    private static final ClassLoader LOADER = LentConnection.class.getClassLoader();

    private LentConnection() {}

    /** Lends a connection; who asks the data source for anything else gets an {@link SQLFeatureNotSupportedException}. */
    public static DataSource of(Connection connection) {
        Connection lent = (Connection) Proxy.newProxyInstance(
                LOADER, new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        // A class of our own would have to name java.util.logging, which the library does without.
        return (DataSource)
                Proxy.newProxyInstance(LOADER, new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getConnection") && arguments == null) {
                        return lent;
                    }
                    throw new SQLFeatureNotSupportedException(method.getName() + " of a connection that is lent");
                });
    }
}
