package io.crmbackup.systemtests;

import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.jdbc.JdbcTarget;
import io.crmbackup.spi.Source;
import io.crmbackup.spi.Target;
import io.crmbackup.tck.TargetTck;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a target, for a database of any kind. */
abstract class DatabaseTargetTck extends TargetTck {
    @TempDir
    private Path directory;

    abstract DataSource database(Path below, String name);

    /** A statement after which others wait only shortly for locks; empty if the product can't be replaced. */
    String impatience() {
        return "";
    }

    private DataSource database(String name) {
        return database(directory, name);
    }

    @BeforeEach
    void fill() throws SQLException {
        Databases.fill(database("example"));
        Databases.fill(database("occupied"));
    }

    @Override
    protected Source example() {
        return JdbcSource.of(database("example"));
    }

    @Override
    protected Target target() {
        return JdbcTarget.empty(database("restored"));
    }

    @Override
    protected Target occupied() {
        return JdbcTarget.empty(database("occupied"));
    }

    @Override
    protected @Nullable Target replacing() {
        return impatience().isEmpty() ? null : JdbcTarget.replace(database("restored"));
    }

    @Override
    protected void writeAsAnother() throws SQLException {
        Databases.execute(database("restored"), impatience(), "insert into account values (999, 'another')");
    }

    @Override
    protected Object state() throws SQLException {
        return Databases.state(database("restored"));
    }

    @Override
    protected boolean isVisiblyUnfinished() throws Exception {
        try (var session = JdbcTarget.empty(database("restored")).open(java.util.Map.of(), java.util.List.of())) {
            return session.preview().blockers().stream().anyMatch(blocker -> blocker.contains("unfinished"));
        }
    }
}
