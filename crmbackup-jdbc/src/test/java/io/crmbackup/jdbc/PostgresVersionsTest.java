package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.Samples;
import io.crmbackup.testservers.TestDatabase;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The versions besides the one of all other tests; they run where their binaries are. */
final class PostgresVersionsTest {
    @ParameterizedTest
    @ValueSource(ints = {14, 16, 17, 18})
    void aDatabaseOfAllTypesComesBackEqual(int major) throws Exception {
        try (PostgresServer server = PostgresServer.start(major, Map.of())) {
            Copy copy = Copy.of(
                    JdbcSource.from(Samples.smallCrm(server)).connections(2).build());
            assertThat(copy.attributes().get("version")).startsWith(major + ".");
            TestDatabase restored = server.newDatabase();
            copy.restore(JdbcTarget.empty(restored).trustSchema());
            assertThat(Copy.of(JdbcSource.of(restored)).parts()).isEqualTo(copy.parts());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void aWholeSchemaComesBack(int major) throws Exception {
        try (PostgresServer server = PostgresServer.start(major, Map.of())) {
            PostgresSchemaTest.assertComesBack(server, Samples.wholeSchema(server));
            PostgresSchemaTest.assertNewerKindsComeBack(server);
        }
    }
}
