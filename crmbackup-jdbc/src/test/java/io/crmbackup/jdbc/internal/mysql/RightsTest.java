package io.crmbackup.jdbc.internal.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user may, by the server's words for it. */
class RightsTest {
    @Test
    void rightsOnOtherDatabasesDontCount() {
        Rights rights = Rights.of(
                "crm_1",
                List.of(
                        "GRANT USAGE ON *.* TO `b`@`%` IDENTIFIED BY PASSWORD 'x'",
                        "GRANT SELECT ON `crm\\_2`.* TO `b`@`%`",
                        "GRANT SELECT ON `crm_1`.`t` TO `b`@`%`",
                        "GRANT SHOW VIEW, TRIGGER ON `crm__`.* TO `b`@`%`"));
        assertThat(rights.has("SELECT")).isFalse();
        assertThat(rights.has("TRIGGER")).isTrue();
    }

    @Test
    void rightsByPatternOrOnAllDatabasesCount() {
        assertThat(Rights.of("crm", List.of("GRANT ALL PRIVILEGES ON *.* TO `r`@`h` WITH GRANT OPTION"))
                        .has("SELECT"))
                .isTrue();
        assertThat(Rights.of("crm", List.of("GRANT SELECT ON `c%`.* TO `r`@`h`"))
                        .has("SELECT"))
                .isTrue();
        assertThat(Rights.of("crm", List.of("GRANT SELECT ON `c\\%`.* TO `r`@`h`"))
                        .has("SELECT"))
                .isFalse();
    }
}
