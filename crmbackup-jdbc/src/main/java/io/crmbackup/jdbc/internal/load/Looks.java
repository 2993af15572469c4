package io.crmbackup.jdbc.internal.load;

import io.crmbackup.jdbc.internal.dialect.Dialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a database for the preview of a restore and again when it begins. Reading a catalog takes a while: one that was empty is not read again where the database
 * can tell that nothing was defined meanwhile. Not thread-safe.
 */
final class Looks {
    private final Dialect dialect;
    private final LoadPlan plan;
    private @Nullable Resumption last;
    private Optional<String> definitions = Optional.empty();

    Looks(Dialect dialect, LoadPlan plan) {
        this.dialect = dialect;
        this.plan = plan;
    }

    /** What the database has now, with automatic commits on. */
    Resumption look(Connection connection) throws IOException, SQLException {
        Resumption before = last;
        // Asked before the catalog is read: what comes in between is then found the next time.
        Optional<String> now = dialect.definitions(connection);
        if (before != null && before.isOfNothing() && now.isPresent() && now.equals(definitions)) {
            return before;
        }
        definitions = now;
        Resumption found = Resumption.look(connection, dialect, plan);
        last = found;
        return found;
    }
}
