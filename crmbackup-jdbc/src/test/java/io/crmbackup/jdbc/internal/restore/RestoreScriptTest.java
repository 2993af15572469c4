package io.crmbackup.jdbc.internal.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbackup.jdbc.internal.postgres.PostgresDialect;
import io.crmbackup.jdbc.internal.sql.Needs;
import io.crmbackup.jdbc.internal.sql.SchemaStatement;
import io.crmbackup.jdbc.internal.sql.Statements;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestoreScriptTest {
    /** What a forged backup says that its statement needs is no reason to believe that it belongs to the restore. */
    @Test
    void harmlessStatementOnATableThatIsNotRestoredIsLeftOut() {
        String forged = "ALTER TABLE public.payroll ENABLE ROW LEVEL SECURITY";
        Map<String, String> attributes = Map.of(
                Statements.name("after", 0),
                forged,
                Needs.attribute("after", 0),
                new Needs("setting x", List.of()).text());
        assertThat(SchemaStatement.of(forged).isSafe()).isTrue();
        assertThat(script(attributes, Trust.HARMLESS_ONLY, Set.of()).last()).isEmpty();
        assertThat(script(attributes, Trust.HARMLESS_ONLY, Set.of(forged)).last())
                .hasSize(1);
        assertThat(script(attributes, Trust.ALL, Set.of()).last()).hasSize(1);
    }

    private static RestoreScript script(Map<String, String> attributes, Trust trust, Set<String> known) {
        return new RestoreScript(new PostgresDialect(), attributes, List.of(), trust, known, Set.of());
    }
}
