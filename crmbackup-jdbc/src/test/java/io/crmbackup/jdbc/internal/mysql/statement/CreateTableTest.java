package io.crmbackup.jdbc.internal.mysql.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreateTableTest {
    private static final String BEGIN =
            "CREATE TABLE `t` (\n  `id` int(11) NOT NULL AUTO_INCREMENT,\n  `a` varchar(9) DEFAULT ',KEY (',\n";
    private static final String END = "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci";

    @Test
    void keysThatOnlySpeedSearchesUpComeLater() {
        assertThat(CreateTable.withoutKeys(
                        "`t`",
                        BEGIN
                                + "  PRIMARY KEY (`id`),\n  UNIQUE KEY `u` (`a`),\n  KEY `k` (`a`(3),`id`),\n  KEY `l` (`id`) USING BTREE"
                                + END))
                .isEqualTo(Optional.of(List.of(
                        BEGIN + "  PRIMARY KEY (`id`),\n  UNIQUE KEY `u` (`a`)" + END,
                        "ALTER TABLE `t` ADD KEY `k` (`a`(3),`id`), ADD KEY `l` (`id`) USING BTREE")));
    }

    /** Without a key of its own the counter; with options that are not read; without any; and whatever would end the part. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "  PRIMARY KEY (`a`),\n  KEY `k` (`id`)",
                "  PRIMARY KEY (`id`),\n  KEY `k` (`a`) COMMENT 'x'",
                "  PRIMARY KEY (`id`),\n  KEY `k` ((upper(`a`)))",
                "  PRIMARY KEY (`id`),\n  KEY `k` (`a`) /*, DROP COLUMN a */",
                "  PRIMARY KEY (`id`),\n  KEY `k` (`a`) IGNORED",
                "  PRIMARY KEY (`id`)",
            })
    void tableIsMadeAtOnceIfItsKeysAreNotPlain(String keys) {
        assertThat(CreateTable.withoutKeys("`t`", BEGIN + keys + END)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4",
                "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 WITH SYSTEM VERSIONING",
                "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4\n PARTITION BY HASH (`id`)",
                "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 SELECT 1",
            })
    void tableIsMadeAtOnceIfItIsNotPlain(String end) {
        assertThat(CreateTable.withoutKeys("`t`", BEGIN + "  PRIMARY KEY (`id`),\n  KEY `k` (`a`)" + end))
                .isEmpty();
    }
}
