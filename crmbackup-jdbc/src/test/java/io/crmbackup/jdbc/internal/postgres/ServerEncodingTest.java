package io.crmbackup.jdbc.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbackup.testservers.PostgresServer;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class ServerEncodingTest {
    @Test
    void questionMarksStandForWhatAnEncodingDoesNotHave() throws Exception {
        try (Connection connection = PostgresServer.shared().newDatabase().getConnection()) {
            connection.setAutoCommit(false);
            assertThat(ServerEncoding.stored(connection, "LATIN1", "Łódź 😀 ü")).isEqualTo("?ód? ? ü");
            assertThat(ServerEncoding.stored(connection, "LATIN1", "ü")).isEqualTo("ü");
        }
    }

    @Test
    void whyTheServerFailsIsTold() throws Exception {
        try (Connection connection = PostgresServer.shared().newDatabase().getConnection()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> ServerEncoding.stored(connection, "NO_SUCH", "a"))
                    .hasMessageContaining("NO_SUCH");
        }
    }
}
