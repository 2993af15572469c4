package io.crmbackup.jdbc.internal.mysql.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which statements of a backup are executed without trusting whoever wrote it. */
class MySqlStatementTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE `t` (`id` int NOT NULL, `v` varchar(30) DEFAULT 'it''s; -- no /* comment */')",
                "CREATE TABLE `t` (`a;``b` int) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COMMENT='x''; DROP TABLE u \\\\'",
                "CREATE TABLE `select` (`id` int, `union` text, KEY `k` (`union`(20)))",
                "CREATE TABLE `t` (`at` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp())",
                "CREATE TABLE `t` (`a` int, `b` int GENERATED ALWAYS AS (abs(`a`)) STORED, CHECK (`a` > 0))",
                "ALTER TABLE `t` ADD CONSTRAINT `f` FOREIGN KEY (`a`) REFERENCES `u` (`id`) ON DELETE CASCADE",
                "CREATE TABLE `t` (`a` int DEFAULT 1, `b` double DEFAULT (1.5e3 * 0.5))",
                "CREATE TABLE `t` (`a` int) PARTITION BY RANGE (`a`) SUBPARTITION BY HASH (`a`) (PARTITION `p` VALUES LESS THAN MAXVALUE"
                        + " (SUBPARTITION `s0` ENGINE = InnoDB, SUBPARTITION `s1` ENGINE = InnoDB))",
                "CREATE TABLE `t` (`a` int) ENGINE=InnoDB COMPRESSION='zlib'",
                "ALTER TABLE `t` AUTO_INCREMENT = 12",
                "CREATE SEQUENCE `s` start with 1 minvalue 1 maxvalue 9 increment by 1 cache 10 nocycle ENGINE=InnoDB",
                "ALTER SEQUENCE `s` RESTART WITH -5"
            })
    void whatOnlyStoresRowsIsSafe(String sql) {
        assertThat(MySqlStatement.of(sql).doubt()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Where backslashes are plain characters the string ends before the options
                "CREATE TABLE `t` (`a` int) COMMENT='\\' ENGINE=CONNECT CONNECTION=''",
                // More than one statement, or a part that one reader sees and another doesn't
                "CREATE TABLE `t` (`id` int); DROP TABLE `u`",
                "CREATE TABLE `t` (`id` int) /*!50100 CONNECTION='mysql://elsewhere/d/t' */",
                "CREATE TABLE `t` (`id` int /*M!100100 DEFAULT (secret()) */)",
                "CREATE TABLE `t` (`id` int) -- ENGINE=InnoDB\nENGINE=FEDERATED",
                "CREATE TABLE `t` (`id` int) # ENGINE=InnoDB\nENGINE=FEDERATED",
                "CREATE TABLE `t` (`v` varchar(9) DEFAULT 'open)",
                "CREATE TABLE `t` (`v` varchar(9) DEFAULT 'open\\')",
                "CREATE TABLE `t` (`id` int))",
                "DELIMITER ;;",
                // Rows that lie elsewhere
                "CREATE TABLE `t` (`id` int) ENGINE=FEDERATED CONNECTION='mysql://elsewhere/d/t'",
                "CREATE TABLE `t` (`id` int) ENGINE=CONNECT TABLE_TYPE=CSV FILE_NAME='/etc/passwd'",
                "CREATE TABLE `t` (`id` int) ENGINE `FEDERATED`",
                "CREATE TABLE `t` (`id` int) ENGINE='SPIDER'",
                "CREATE TABLE `t` (`id` int) ENGINE=MyISAM DATA DIRECTORY='/var/www'",
                "CREATE TABLE `t` (`id` int) ENGINE=MyISAM INDEX DIRECTORY='/var/www'",
                "CREATE TABLE `t` (`id` int) ENGINE=MRG_MyISAM UNION=(`mysql`.`user`)",
                "CREATE TABLE `t` (`id` int) ENGINE=MyISAM UNION=(`u`)",
                "CREATE TABLE `t` (`id` int) TABLESPACE `other`",
                "CREATE TABLE `t` (`id` int) PARTITION BY HASH (`id`) (PARTITION `p` ENGINE = FEDERATED)",
                "CREATE TABLE `t` (`id` int) PARTITION BY RANGE (`id`) (PARTITION p VALUES LESS THAN (5) DATA DIRECTORY = '/x')",
                // What computes with code or rows of the database
                "CREATE TABLE `t` (`id` int) SELECT * FROM `mysql`.`user`",
                "CREATE TABLE `t` (`id` int) AS SELECT 1",
                "CREATE TABLE `t` LIKE `u`",
                "CREATE TABLE `t` (`v` text DEFAULT (load_file('/etc/passwd')))",
                "CREATE TABLE `t` (`v` int DEFAULT (`d`.`own_function`()))",
                "CREATE TABLE `t` (`v` int DEFAULT (sleep(1000)))",
                "CREATE TABLE `t` (`v` int, `w` int AS (benchmark(1000000000, md5('x'))) PERSISTENT)",
                "CREATE TABLE `t` (`v` int, CHECK (get_lock('x', 9)))",
                "CREATE TABLE `t` (`v` int DEFAULT (@@secret))",
                "CREATE TABLE `t` (`v` int DEFAULT (`own`(1)))",
                "CREATE TABLE `t` (`v` text DEFAULT (substring('x' FROM 1 FOR `sleep`(1000))))",
                "CREATE TABLE `t` (`v` int) PARTITION BY HASH (`v`) AS TABLE `mysql`.`user`",
                // Tables and counters of another database, or made like one of its tables
                "CREATE TABLE `o`.`t` (`id` int)",
                "CREATE TABLE `t` (`id` int DEFAULT nextval(`o`.`s`))",
                "CREATE TABLE `t` (`id` int, CHECK (`o`.`t`.`id` > 1))",
                "CREATE TABLE `t` (`id` int REFERENCES `u` (`id`))",
                "CREATE TABLE `t` (`id` bigint DEFAULT NEXT VALUE FOR 2024_crm.1seq)",
                "CREATE TABLE `t` (`id` bigint DEFAULT nextval(_crm._ids))",
                "CREATE TABLE `t` (`id` bigint DEFAULT nextval(x.history))",
                "CREATE TABLE `t` (`a` varchar(9) DEFAULT 'SET' REFERENCES `u`)",
                "CREATE TABLE `t` (`SET` REFERENCES `u`)",
                "CREATE TABLE `t` (LIKE `u`)",
                "ALTER TABLE `o`.`t` AUTO_INCREMENT = 12",
                "ALTER TABLE `t` ADD FOREIGN KEY (`a`) REFERENCES `o`.`u` (`id`)",
                "ALTER SEQUENCE `o`.`s` RESTART WITH 5",
                "DO SETVAL(`o`.`s`, 5, 0)",
                "CREATE SEQUENCE `o`.`s` start with 1",
                // What nobody knows
                "CREATE SEQUENCE `s` start with 1 ENGINE=CONNECT",
                "CREATE SEQUENCE `s` start with 1 RESTART",
                "CREATE TABLE `t` (`id` int SOMETHING)",
                "CREATE TABLE `t` (`id` int) VALUES (1)",
                "CREATE TABLE `t` (`id` int) COMMENT=`x`",
                "CREATE TABLE `t` (`id` int) `ENCRYPTED`=YES",
                "CREATE TABLE `t` (`id` int) PARTITION BY HASH (`id`) VALUES (1)",
                "CREATE TABLE `t` (`id` int) PARTITION BY HASH (`id`) (PARTITION `p` PLACE = 'x')",
                // Other kinds
                "ALTER TABLE `t` ADD FOREIGN KEY (`a`) REFERENCES `u` (`id`), DROP COLUMN `b`",
                "ALTER TABLE `t` ADD FOREIGN KEY (`a`), DROP COLUMN `b`, ADD FOREIGN KEY (`c`) REFERENCES `u` (`id`)",
                "ALTER TABLE `t` ADD FOREIGN KEY (`a`) REFERENCES `u` (`id`) ON DELETE CASCADE, RENAME `v`",
                "ALTER TABLE `t` AUTO_INCREMENT = 12, DISCARD TABLESPACE",
                "ALTER TABLE `t` AUTO_INCREMENT = (SELECT 1)",
                "ALTER SEQUENCE `s` RESTART WITH 5 CYCLE",
                "CREATE TRIGGER `g` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1",
                "CREATE DEFINER=`root`@`%` PROCEDURE `p`() DELETE FROM t",
                "CREATE FUNCTION sys_exec RETURNS int SONAME 'lib.so'",
                "CREATE VIEW `v` AS SELECT 1",
                "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY DO DELETE FROM t",
                "CREATE TEMPORARY TABLE `t` (`id` int)",
                "CREATE OR REPLACE TABLE `t` (`id` int)",
                "GRANT ALL ON *.* TO 'x'@'%'",
                "SET GLOBAL general_log_file = '/x'",
                "LOAD DATA INFILE '/etc/passwd' INTO TABLE t",
                "INSERT INTO `t` VALUES (1)",
                "DROP TABLE `t`",
                ""
            })
    void whateverElseIsInDoubt(String sql) {
        assertThat(MySqlStatement.of(sql).doubt()).isPresent();
    }

    @Test
    void definitionsAreDividedOutsideOfQuotesOnly() {
        List<String> parts = CreateTable.divided(
                "`t`",
                "CREATE TABLE `t` (\n  `a,(` int COMMENT 'FOREIGN KEY (x), it''s \\') AUTO_INCREMENT=3',\n"
                        + "  CONSTRAINT `f``,` FOREIGN KEY (`a,(`) REFERENCES `u` (`id`)\n"
                        + ") ENGINE=InnoDB AUTO_INCREMENT=9 COMMENT=' AUTO_INCREMENT=4'");
        assertThat(parts)
                .containsExactly(
                        "CREATE TABLE `t` (\n  `a,(` int COMMENT 'FOREIGN KEY (x), it''s \\') AUTO_INCREMENT=3'\n"
                                + ") ENGINE=InnoDB COMMENT=' AUTO_INCREMENT=4'",
                        "ALTER TABLE `t` ADD CONSTRAINT `f``,` FOREIGN KEY (`a,(`) REFERENCES `u` (`id`)");
    }
}
