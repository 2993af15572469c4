package io.crmbackup.jdbc.internal.dialect;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Wrapper;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A method that JDBC has not, of a driver that is not compiled against, as applications bring the one that they use. */
public final class DriverMethod {
    private final Wrapper wrapper;
    private final Method method;

    private DriverMethod(Wrapper wrapper, Method method) {
        this.wrapper = wrapper;
        this.method = method;
    }

    /**
     * Looks for it, without asking the database.
     *
     * @param wrapper a connection or a statement, of the driver or in a wrapper
     * @param connection the statement's, or the connection itself
     * @param types classes of drivers that have the method
     */
    public static Optional<DriverMethod> of(
            Wrapper wrapper, Connection connection, List<String> types, String name, Class<?>... parameters)
            throws SQLException {
        for (ClassLoader loader : loaders(wrapper, connection)) {
            for (String type : types) {
                try {
                    Class<?> driver = Class.forName(type, false, loader);
                    if (wrapper.isWrapperFor(driver)) {
                        return Optional.of(new DriverMethod(wrapper, driver.getMethod(name, parameters)));
                    }
                } catch (ClassNotFoundException | NoSuchMethodException e) {
                    // Another driver, or one that has no such method.
                    continue;
                }
            }
        }
        return Optional.empty();
    }

    /** Pools wrap connections and statements in classes of their own loader, but not the metadata, as a rule. */
    private static List<ClassLoader> loaders(Wrapper wrapper, Connection connection) throws SQLException {
        return Stream.of(
                        wrapper.getClass().getClassLoader(),
                        connection.getMetaData().getClass().getClassLoader(),
                        DriverMethod.class.getClassLoader())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** Calls it. */
    public Object call(Object... arguments) throws SQLException {
        try {
            return method.invoke(wrapper.unwrap(method.getDeclaringClass()), arguments);
        } catch (InvocationTargetException e) {
            throw new SQLException("the driver fails in " + method.getName(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new SQLException("the driver doesn't allow " + method.getName(), e);
        }
    }
}
