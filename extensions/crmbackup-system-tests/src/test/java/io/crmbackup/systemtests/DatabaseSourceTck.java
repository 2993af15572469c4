package io.crmbackup.systemtests;

import io.crmbackup.jdbc.JdbcSource;
import io.crmbackup.spi.Source;
import io.crmbackup.tck.SourceTck;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The rules of a source, for a database of any kind. */
abstract class DatabaseSourceTck extends SourceTck {
    @TempDir
    private Path directory;

    abstract DataSource database(Path below, String name);

    private DataSource database() {
        return database(directory, "crm");
    }

    @BeforeEach
    void fill() throws SQLException {
        Databases.fill(database());
    }

    @Override
    protected Source source() {
        return JdbcSource.of(database());
    }

    @Override
    protected Map<String, Integer> records() {
        return Stream.of(Map.entry("account", 20), Map.entry("contact", 100), Map.entry("happening", 100))
                .collect(Collectors.toMap(table -> Databases.name(database(), table.getKey()), Map.Entry::getValue));
    }

    @Override
    protected void change() throws SQLException {
        Databases.execute(database(), "update contact set email = 'changed' where id = 7");
    }

    @Override
    protected Object state() throws SQLException {
        return Databases.state(database());
    }
}
