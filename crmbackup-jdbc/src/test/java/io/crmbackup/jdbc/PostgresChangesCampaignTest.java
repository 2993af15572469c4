package io.crmbackup.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.testservers.PostgresServer;
import io.crmbackup.testservers.TestDatabase;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Whatever is written, in whatever transactions that are still open or not: what PostgreSQL says changed makes of what was there what is there. More
 * with {@code -Dcrmbackup.postgres.changes=10000}, another run with {@code -Dcrmbackup.seed=…}.
 */
final class PostgresChangesCampaignTest {
    private static final int STEPS = Integer.getInteger("crmbackup.postgres.changes", 20);

    @Test
    void whatChangedMakesWhatIsThere() throws Exception {
        long seed = Long.getLong("crmbackup.seed", 1);
        Random random = new Random(seed);
        TestDatabase database = PostgresServer.shared().newDatabase();
        Map<String, Integer> readings = new TreeMap<>();
        try (RandomWriters writers = new RandomWriters(database, random)) {
            Follower follower = new Follower(JdbcSource.of(database));
            for (int i = 0; i < STEPS; i++) {
                for (int j = random.nextInt(20); j >= 0; j--) {
                    writers.step();
                }
                writers.letRead();
                follower.follow();
                for (String reading : follower.readings().values()) {
                    readings.merge(reading.replaceAll("\\d.*", "…"), 1, Integer::sum);
                }
            }
        } catch (AssertionError | Exception e) {
            throw new AssertionError("seed " + seed, e);
        }
        assertThat(readings).as("seed " + seed).containsKey("changes: rows written since transaction …");
        assertThat(readings.get("changes: rows written since transaction …")).isGreaterThan(STEPS);
    }
}
