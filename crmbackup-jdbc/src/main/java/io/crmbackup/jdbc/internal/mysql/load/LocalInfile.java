package io.crmbackup.jdbc.internal.mysql.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Hands a driver what LOAD DATA LOCAL reads, instead of a file. Both drivers have the same method for it, which JDBC has not; they are not compiled
 * against, as applications bring the one that they use.
 */
public final class LocalInfile {
    private static final List<String> STATEMENTS =
            List.of("org.mariadb.jdbc.Statement", "com.mysql.cj.jdbc.JdbcStatement");

    private LocalInfile() {}

    /** Whether the driver takes a stream, and the server lets clients send rows. */
    public static boolean isPossible(Connection connection) throws SQLException {
        if (!Dialect.strings(connection, "SELECT @@local_infile").get(0).equals("1")) {
            return false;
        }
        // Connector/J tells the server at the log-in already whether it will ever send a file.
        if (connection.getMetaData().getDriverName().startsWith("MySQL")
                && !connection.getMetaData().getURL().matches("(?i).*[?&]allowLoadLocalInfile=true\\b.*")) {
            return false;
        }
        try (Statement statement = connection.createStatement()) {
            return setter(connection, statement).isPresent();
        }
    }

    /** Lets a statement read from a stream once. */
    static void set(Connection connection, Statement statement, InputStream rows) throws SQLException {
        Method setter = setter(connection, statement).orElseThrow();
        try {
            setter.invoke(statement.unwrap(setter.getDeclaringClass()), rows);
        } catch (InvocationTargetException e) {
            throw new SQLException("the driver takes no stream of rows", e.getCause());
        } catch (IllegalAccessException e) {
            throw new SQLException("the driver takes no stream of rows", e);
        }
    }

    private static Optional<Method> setter(Connection connection, Statement statement) throws SQLException {
        for (ClassLoader loader : loaders(connection, statement)) {
            for (String name : STATEMENTS) {
                try {
                    Class<?> type = Class.forName(name, false, loader);
                    if (statement.isWrapperFor(type)) {
                        return Optional.of(type.getMethod("setLocalInfileInputStream", InputStream.class));
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
    private static List<ClassLoader> loaders(Connection connection, Statement statement) throws SQLException {
        return Stream.of(
                        statement.getClass().getClassLoader(),
                        connection.getMetaData().getClass().getClassLoader(),
                        LocalInfile.class.getClassLoader())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }
}
