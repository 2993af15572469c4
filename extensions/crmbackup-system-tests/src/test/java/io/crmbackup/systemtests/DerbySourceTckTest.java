package io.crmbackup.systemtests;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.junit.jupiter.api.io.TempDir;

class DerbySourceTckTest extends DatabaseSourceTck {
    @TempDir
    private Path directory;

    @Override
    DataSource database(Path below, String name) {
        return Databases.derby(directory, name);
    }

    /** While a capture is open a change waits for its end, before whatever reads next. */
    @Override
    protected void change() throws SQLException {
        CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
            try {
                super.change();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!change.isDone() && !somebodyWaits()) {
            Thread.onSpinWait();
        }
        if (change.isDone()) {
            change.join();
        }
    }

    private boolean somebodyWaits() throws SQLException {
        try (Connection connection = Databases.derby(directory, "crm").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 FROM SYSCS_DIAG.LOCK_TABLE WHERE STATE = 'WAIT'")) {
            return rows.next();
        }
    }
}
